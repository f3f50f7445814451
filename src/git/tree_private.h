/* git: modes of tree and index entries */
#ifndef PM_TREE_PRIVATE_H
#define PM_TREE_PRIVATE_H

#define MODE_TYPE   0170000u
#define MODE_FILE   0100000u
#define MODE_FOLDER 0040000u
#define MODE_LINK   0120000u

#endif
