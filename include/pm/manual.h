/* pm/manual.h - render: manuals on a terminal, and Markdown pages
 *
 * pm carries its manuals in itself, as man(7) sources, and prints them without troff, so that `pm
 * help` works in the smallest container. What is understood is what our manuals use: .TH .SH .SS
 * .PP .TP .IP .RS .RE .br .nf .fi .EX .EE .B .I .BR .RB .BI .IB .IR .RI and \fB \fI \fR \- \(aq \(dq \(bu \& \e;
 * a test holds every manual to that (and mandoc's lint, where it is installed).
 */
#ifndef PM_MANUAL_H
#define PM_MANUAL_H

#include "pm/printer.h"

void manual_print(struct printer *p, struct slice source);
/* A page of `pm explain`: Markdown read by people as it is, headings in bold, wrapped text as
 * written. */
void page_print(struct printer *p, struct slice markdown);

#endif
