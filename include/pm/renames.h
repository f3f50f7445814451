/* pm/renames.h - model: which file that a change takes away is which one that it adds
 *
 * One to one, by the first evidence that there is: the same stated id; the same content, rather
 * under the same name; content of which half is the same, rather under the same name. A name is that
 * of the file without folders and extension: where every postmortem is a report.md, it tells nothing,
 * and of all that are alike those go together first that are most so. Ties go by the order of the
 * lists, which is that of paths.
 */
#ifndef PM_RENAMES_H
#define PM_RENAMES_H

#include "pm/slice.h"
#include "pm/vec.h"

#define RENAME_ALIKE 50 /* percent of content that makes two files one document */
#define RENAME_NONE  SIZE_MAX

struct rename_file {
    struct slice path;
    struct slice content; /* anything that is the same exactly where the bytes are */
    struct slice id;      /* empty: none, or it is no evidence */
    const void *of;       /* the caller's */
    size_t other;         /* set by renames_find: its index in the other list, or RENAME_NONE */
};
typedef VEC(struct rename_file) rename_list;

/* How alike the content of two files is, in percent. */
typedef int rename_likeness(void *ctx, const struct rename_file *gone,
                            const struct rename_file *added);

/* Any number of files may be renamed without edits, or with edits where their names tell them apart;
 * beyond, of each list CAP_RENAME_CANDIDATES are compared. */
void renames_find(rename_list *gone, rename_list *added, rename_likeness *likeness, void *ctx);

#endif
