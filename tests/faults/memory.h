/* tests/faults/memory.h - memory that fails when told to: ours, jansson's (which is ours) and SQLite's.
 *
 * The linker sends every allocation of ours through here (--wrap); SQLite has a hook. libuv's do not come: it ends the
 * process where it cannot grow its tables, and that is not ours to mend. Counted are those of threads that are armed. */
#ifndef FOLKMOOT_TESTS_FAULTS_MEMORY_H
#define FOLKMOOT_TESTS_FAULTS_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

/* Before anything else touches SQLite. False: a library refused. */
bool memory_start(void);

/* The nth allocation of an armed thread fails (0: none does), and with `stays` all later ones too. Counting begins anew. */
void memory_fail_at(uint64_t nth, bool stays);
/* This thread's allocations count, or no longer. */
void memory_arm(bool is_armed);
uint64_t memory_count(void);                /* how many counted */
bool memory_has_failed(void);

/* What SQLite still holds: the same before and after whatever gives back all that it took. Of the rest the leak check
 * of a sanitized build knows. */
uint64_t memory_of_sqlite(void);

/* Trials at the nth allocation of `total`: with FOLKMOOT_FAULTS=all each of them, else some `trials`, the first and the
 * last among them and the others drawn with a fixed seed. Begin with *nth = 0; false: it was the last. */
bool memory_next(uint64_t *nth, uint64_t total, uint64_t trials);

#endif
