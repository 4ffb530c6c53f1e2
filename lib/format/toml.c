/* SPDX-License-Identifier: MIT */
#include "format/toml.h"

#include <string.h>

#include "base/utf8.h"
#include "format/tomlscan.h"

int sk_toml_each(const char *data, size_t len, sk_toml_fn *each, void *ctx,
		 struct sk_err *err)
{
	struct sk_tomlscan scan;
	int rc = sk_tomlscan_open(&scan, data, len, err);

	if (rc == 0) {
		while ((rc = sk_tomlscan_next(&scan, err)) > 0) {
			if (scan.kind == SK_TOML_SCALAR && !scan.in_tables)
				each(ctx, scan.path.ptr, scan.value.ptr);
		}
	}
	sk_tomlscan_free(&scan);
	return rc;
}

struct wanted {
	const char *path;
	struct sk_str *out;
	bool found;
};

static void take_wanted(void *ctx, const char *path, const char *value)
{
	struct wanted *wanted = ctx;

	if (strcmp(path, wanted->path) == 0) {
		sk_str_set(wanted->out, value);
		wanted->found = true;
	}
}

int sk_toml_get(struct sk_str *out, const char *data, size_t len,
		const char *path, struct sk_err *err)
{
	struct wanted wanted = {path, out, false};

	if (sk_toml_each(data, len, take_wanted, &wanted, err) < 0)
		return -1;
	return !wanted.found;
}

void sk_toml_add_string(struct sk_str *out, const char *value)
{
	static const char from[] = "\"\\\b\t\n\f\r", to[] = "\"\\btnfr";

	size_t left = strlen(value);

	sk_str_putc(out, '"');
	while (left) {
		const char *at = strchr(from, *value);
		uint32_t point = 0xfffd;
		size_t used = sk_utf8_decode(&point, value, left);

		if (at)
			sk_str_addf(out, "\\%c", to[at - from]);
		else if (point < 0x20 || point == 0x7f)
			sk_str_addf(out, "\\u%04X", (unsigned)point);
		else
			sk_str_add_char(out, point);
		value += used ? used : 1;
		left -= used ? used : 1;
	}
	sk_str_putc(out, '"');
}

/* Where a value goes: the bytes from `start` to `end` give way to it. */
struct place {
	const char *start, *end;
	bool value;  /* these are the old value */
	bool table;  /* the table is there, the key goes to `start` */
	bool dotted; /* ... at the top, as "table.key" */
};

static void look_at(struct place *place, const struct sk_tomlscan *s,
		    const char *path, const char *table)
{
	bool header = s->kind == SK_TOML_TABLE || s->kind == SK_TOML_TABLES;
	size_t len = strlen(table);

	if (place->value || s->in_tables)
		return;
	if (!header && strcmp(s->path.ptr, path) == 0) {
		place->start = s->value_start;
		place->end = s->value_end;
		place->value = true;
	} else if (strcmp(s->table.ptr, table) == 0) {
		place->start = place->end = s->line_end;
		place->table = true;
		place->dotted = false;
	} else if (!header && !s->table.len &&
		   strncmp(s->path.ptr, table, len) == 0 &&
		   s->path.ptr[len] == '.') {
		place->start = place->end = s->line_end;
		place->table = place->dotted = true;
	}
}

static void add_key(struct sk_str *out, const char *key)
{
	const char *at = key;

	while (sk_toml_is_bare(*at))
		at++;
	if (*at || at == key)
		sk_toml_add_string(out, key);
	else
		sk_str_puts(out, key);
}

/* Find the place; -1 when the document cannot be read or has none. */
static int find_place(struct place *place, const char *data, size_t len,
		      const char *path, const char *table, struct sk_err *err)
{
	struct sk_tomlscan scan;
	int rc = sk_tomlscan_open(&scan, data, len, err);

	/* keys at the top go in front of the first header */
	*place = (struct place){.start = data + len, .end = data + len};
	if (!*table)
		*place = (struct place){data, data, false, true, false};
	if (rc == 0) {
		while ((rc = sk_tomlscan_next(&scan, err)) > 0)
			look_at(place, &scan, path, table);
	}
	if (rc == 0 && !place->value && *table &&
	    sk_tomlscan_is_taken(&scan, table, true))
		rc = sk_fail(err, SK_EDATA,
			     "'%s' is not a table a key can be added to",
			     table);
	sk_tomlscan_free(&scan);
	return rc;
}

int sk_toml_set(struct sk_str *out, const char *data, size_t len,
		const char *table, const char *key, const char *value,
		struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT;
	struct place place;
	int rc;

	sk_str_addf(&path, "%s%s%s", table, *table ? "." : "", key);
	rc = find_place(&place, data, len, path.ptr, table, err);
	sk_str_free(&path);
	if (rc < 0)
		return -1;
	sk_str_add(out, data, (size_t)(place.start - data));
	if (place.value) {
		sk_toml_add_string(out, value);
	} else {
		if (place.start > data && place.start[-1] != '\n')
			sk_str_putc(out, '\n');
		if (!place.table)
			sk_str_addf(out, "%s[%s]\n", len ? "\n" : "", table);
		if (place.dotted)
			sk_str_addf(out, "%s.", table);
		add_key(out, key);
		sk_str_puts(out, " = ");
		sk_toml_add_string(out, value);
		sk_str_putc(out, '\n');
	}
	sk_str_add(out, place.end, (size_t)(data + len - place.end));
	return 0;
}
