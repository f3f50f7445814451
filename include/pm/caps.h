/* pm/caps.h - base: every limit on input, in one place
 *
 * Hostile input is the normal case: a pushed document is an attacker's. Each cap ends in a finding
 * (too-large) or a sentence that names it. They are far above what people write: the largest real
 * postmortem seen has 120 KiB.
 */
#ifndef PM_CAPS_H
#define PM_CAPS_H

#define CAP_DOCUMENT_BYTES     (1024u * 1024u)
#define CAP_FRONT_MATTER_BYTES (64u * 1024u)
#define CAP_YAML_DEPTH         20u
#define CAP_YAML_EVENTS        10000u
#define CAP_SCHEMA_BYTES       (256u * 1024u)
#define CAP_BASELINE_BYTES     (16u * 1024u * 1024u)
#define CAP_BLOCK_DEPTH        100u   /* nested lists and quotes */
#define CAP_NESTED_LINES       10000000u /* open lists and quotes, summed over the lines */
#define CAP_BLOCKS             50000u
#define CAP_DELIMITERS         5000u  /* [ and < that cmark must see, in one paragraph */
#define CAP_ITEMS              1000u  /* action items of a document */
#define CAP_TABLE_CELLS        10000u /* of a document */
#define CAP_TIMELINE           2000u  /* entries */
#define CAP_LIST_VALUES        200u   /* values of one list field */
#define CAP_UNKNOWN_FIELDS     200u   /* of a document, that are held against those of the schema */
#define CAP_FINDINGS           1000u  /* of a document */
#define CAP_RUN_FINDINGS       20000u /* listed of all documents */
#define CAP_DOCUMENTS          100000u
#define CAP_COMMIT_EDITS       500000u /* documents that one commit changes */
#define CAP_HISTORY_EDITS      10000000u /* the same, summed over the commits */
#define CAP_LEDGER_ROWS        10000000u /* documents, action items and events, of all times */
#define CAP_REASONS            10000u  /* for dropped items, heard of the commits of one step */
#define CAP_REASONS_COMPARED   10000000u /* with dropped items, of one step or change */
#define CAP_QUERY_BYTES        (64u * 1024u)
#define CAP_QUERY_DEPTH        100u
#define CAP_QUERY_NODES        4000u
#define CAP_PATH_BYTES         4096u
#define CAP_GLOB_BYTES         1024u
#define CAP_RENAME_CANDIDATES  1000u
#define CAP_TAG_DEPTH          100u     /* tags of tags */
#define CAP_PUSH_BYTES         (64u * 1024u * 1024u) /* what git says of a push: a line for each ref */
#define CAP_TREE_DEPTH         256u     /* folders in folders */
#define CAP_TREE_ENTRIES       5000000u /* unfolded: a dozen tree objects can hold any number; and of
                                           all that paths are looked up in */

#endif
