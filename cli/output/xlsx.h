/* cli/output/xlsx.h - workbooks for Excel and LibreOffice: the only room of libxlsxwriter.
 *
 * Text is written as text and never as a formula, whatever it begins with.  The first failure is remembered and
 * told by xlsx_end; until then every function may be called. */
#ifndef FOLKMOOT_CLI_OUTPUT_XLSX_H
#define FOLKMOOT_CLI_OUTPUT_XLSX_H

#include "protocol/bytes.h"

/* Shades of a cell; a colour never says what no letter says. */
enum xlsx_shade { XLSX_PLAIN, XLSX_TITLE, XLSX_HEAD, XLSX_A, XLSX_B, XLSX_C, XLSX_D, XLSX_SHADES };
enum { XLSX_DECIMALS_MAX = 9, XLSX_BYTES_MAX = 64 << 20, XLSX_TEXT_MAX = 32000 };

struct xlsx;
/* What is being written lies in `folder`, readable by its owner only, until xlsx_end. NULL when memory fails. */
struct xlsx *xlsx_new(const char *folder);
void xlsx_free(struct xlsx *x);

/* Begin a sheet, to which the next calls go; rows above and columns left of the place given stay in sight. */
void xlsx_sheet(struct xlsx *x, const char *name, uint32_t frozen_rows, uint16_t frozen_columns);
void xlsx_width(struct xlsx *x, uint16_t first, uint16_t last, double characters);
/* Cut off at XLSX_TEXT_MAX bytes. */
void xlsx_text(struct xlsx *x, uint32_t row, uint16_t column, const char *text, enum xlsx_shade shade);
void xlsx_number(struct xlsx *x, uint32_t row, uint16_t column, double v, uint8_t decimals, enum xlsx_shade shade);
/* The same, shown with a p behind its digits: what others published. */
void xlsx_number_public(struct xlsx *x, uint32_t row, uint16_t column, double v, uint8_t decimals, enum xlsx_shade shade);

/* The whole workbook behind what *ret holds. ERR_NOMEM, ERR_LIMIT, or what the disk said. */
MUST_USE enum err xlsx_end(struct xlsx *x, struct buf *ret);

const char *xlsx_library_version(void);

#endif
