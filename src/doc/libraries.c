#include "pm/document.h"

#include <cmark.h>
#include <yaml.h>

void doc_libraries(struct str *out)
{
    str_addf(out, "cmark %s\nlibyaml %s\n", cmark_version_string(), yaml_get_version_string());
}
