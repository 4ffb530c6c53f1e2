/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "format/gzip.h"
#include "tap.h"

/* zlib's form of "hello", as Python's zlib.compress() makes it */
static const char hello[] = "\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02"
			    "\x15";
#define HELLO hello, sizeof(hello) - 1

static bool round_trip(size_t len, int level)
{
	struct sk_str in = SK_STR_INIT, zip = SK_STR_INIT, out = SK_STR_INIT;
	struct sk_err err = {0};
	bool same;

	for (size_t i = 0; i < len; i++)
		sk_str_putc(&in, (char)(i * 2654435761u >> 13));
	sk_str_puts(&out, "before");
	sk_gzip(&zip, in.ptr, in.len, level);
	same = sk_gunzip(&out, zip.ptr, zip.len, len, &err) == 0 &&
	       out.len == len + 6 && memcmp(out.ptr, "before", 6) == 0 &&
	       memcmp(out.ptr + 6, in.ptr, len) == 0 && !out.ptr[out.len];
	sk_str_free(&out);
	sk_str_free(&zip);
	sk_str_free(&in);
	return same;
}

static void fails_with(enum sk_code code, const char *data, size_t len,
		       size_t max, const char *name)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};
	char *copy = malloc(len ? len : 1);

	memcpy(copy, data, len);
	sk_str_puts(&out, "before");
	ok(sk_gunzip(&out, copy, len, max, &err) == -1 && err.code == code &&
		   strcmp(out.ptr, "before") == 0,
	   "gzip: %s (%s)", name, err.msg);
	sk_str_free(&out);
	free(copy);
}

static void test_bad_gzip(void)
{
	struct sk_str bomb = SK_STR_INIT, zip = SK_STR_INIT;
	struct sk_str two = SK_STR_INIT;
	struct sk_err err = {0};
	unsigned torn = 0;

	sk_str_reserve(&bomb, 5000000);
	memset(bomb.ptr, 'x', 5000000);
	sk_gzip(&zip, bomb.ptr, 5000000, 9);
	fails_with(SK_EFULL, zip.ptr, zip.len, 4999999, "stops one byte past");
	fails_with(SK_EFULL, zip.ptr, zip.len, 0, "stops at nothing");
	sk_str_clear(&zip);
	sk_gzip(&zip, "hello", 5, 6);
	fails_with(SK_EDATA, "", 0, 9, "refuses nothing");
	fails_with(SK_EDATA, "hello", 5, 9, "refuses plain text");
	fails_with(SK_EDATA, HELLO, 9, "refuses zlib");
	for (size_t len = 0; len < zip.len; len++) {
		sk_str_clear(&two);
		torn += sk_gunzip(&two, zip.ptr, len, 9, &err) == -1 &&
			err.code == SK_EDATA;
	}
	ok(torn == zip.len, "gzip: refuses what is torn at any byte");
	sk_str_add(&zip, "!", 1);
	fails_with(SK_EDATA, zip.ptr, zip.len, 9, "refuses trailing bytes");
	sk_str_cut(&zip, zip.len - 1);
	zip.ptr[zip.len - 5] ^= 1;
	fails_with(SK_EDATA, zip.ptr, zip.len, 9, "refuses a wrong checksum");
	sk_str_clear(&zip);
	sk_gzip(&zip, "one", 3, 6);
	sk_gzip(&zip, "two", 3, 6);
	sk_str_clear(&two);
	ok(sk_gunzip(&two, zip.ptr, zip.len, 6, &err) == 0 &&
		   strcmp(two.ptr, "onetwo") == 0,
	   "gzip: reads all members");
	fails_with(SK_EFULL, zip.ptr, zip.len, 5, "counts all members");
	sk_str_free(&two);
	sk_str_free(&zip);
	sk_str_free(&bomb);
}

int main(void)
{
	static const size_t lens[] = {0,     1,	    5,	    65535,
				      65536, 65537, 131072, 1000000};
	struct sk_str out = SK_STR_INIT;
	struct sk_err err = {0};

	for (size_t i = 0; i < SK_COUNTOF(lens); i++)
		ok(round_trip(lens[i], 1) && round_trip(lens[i], 6),
		   "gzip: %zu bytes there and back", lens[i]);
	test_bad_gzip();
	ok(sk_inflate(&out, HELLO, 5, &err) == 0, "gzip: inflates zlib");
	is(out.ptr, "hello", "gzip: to what it was");
	ok(sk_inflate(&out, HELLO, 4, &err) == -1 && err.code == SK_EFULL,
	   "gzip: inflates no more than asked");
	ok(sk_inflate(&out, hello, sizeof(hello), 5, &err) == -1 &&
		   err.code == SK_EDATA,
	   "gzip: refuses bytes behind zlib");
	is(out.ptr, "hello", "gzip: and leaves the output as it was");
	sk_str_clear(&out);
	ok(sk_inflate_head(&out, hello, sizeof(hello) - 1, 2) == 0,
	   "gzip: the head of a zlib stream");
	is(out.ptr, "he", "gzip: is as much as asked");
	sk_str_clear(&out);
	ok(sk_inflate_head(&out, hello, 6, 9) == 0 && out.len < 5,
	   "gzip: or as much as the first bytes of it hold");
	ok(sk_inflate_head(&out, "hello", 5, 9) == -1,
	   "gzip: and plain text has none");
	sk_str_free(&out);
	return done_testing();
}
