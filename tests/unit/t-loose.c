/* SPDX-License-Identifier: MIT */
#include "base/file.h"
#include "git/loose.h"
#include "tests/unit/gitbox.h"

/* `blob 5` and a NUL, then hello 1 and 600 times and he; `blob 3000`, 600;
 * all as Python's zlib.compress() makes them */
static const char whole[] = "\x78\xda\x4b\xca\xc9\x4f\x52\x30\x65\xc8\x48\xcd"
			    "\xc9\xc9\x07\x00\x19\xaa\x04\x09";
static const char more[] = "\x78\xda\x4b\xca\xc9\x4f\x52\x30\x65\xc8\x48\xcd"
			   "\xc9\xc9\x1f\x25\x46\x89\x51\x62\x94\x18\x25\x46"
			   "\x89\x51\x62\x94\x18\x25\x46\x89\x51\x62\x50\x13"
			   "\x00\xcd\x26\xe1\x11";
static const char less[] = "\x78\xda\x4b\xca\xc9\x4f\x52\x30\x65\xc8\x48\x05"
			   "\x00\x0e\xd9\x02\xc2";
static const char large[] = "\x78\xda\x4b\xca\xc9\x4f\x52\x30\x36\x30\x30\x60"
			    "\xc8\x48\xcd\xc9\xc9\x1f\x25\x46\x89\x51\x62\x94"
			    "\x18\x25\x46\x89\x51\x62\x94\x18\x25\x46\x89\x51"
			    "\x62\x50\x13\x00\x55\x24\xe1\x9f";
#define BYTES(text) text, sizeof(text) - 1

/* What comes of a file with these bytes: 0, 1 or -1. */
static int reads(const char *bytes, size_t len, size_t max, struct sk_str *out,
		 size_t *body, struct sk_err *err)
{
	struct sk_oid id;

	*err = (struct sk_err){0};
	if (sk_oid_parse(&id, "00112233445566778899"
			      "00112233445566778899") < 0 ||
	    sk_file_write("00/112233445566778899"
			  "00112233445566778899",
			  bytes, len, 0444, err) < 0)
		abort();
	return sk_loose_read(out, body, ".", &id, max, err);
}

static void fails_with(enum sk_code code, const char *bytes, size_t len,
		       size_t max, const char *name)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err;
	size_t body;

	sk_str_puts(&out, "before");
	ok(reads(bytes, len, max, &out, &body, &err) == -1 &&
		   err.code == code &&
		   strstr(err.msg, "0011223344556677889900112233445566778899"),
	   "loose: %s (%s)", name, err.msg);
	is(out.ptr, "before", "loose: and leaves what there was");
	sk_str_free(&out);
}

int main(void)
{
	struct sk_str out = SK_STR_INIT;
	struct sk_err err;
	size_t body = 0;

	gitbox_start();
	run_shell("mkdir 00");
	sk_str_puts(&out, "before");
	ok(reads(BYTES(whole), 100, &out, &body, &err) == 0,
	   "loose: an object is read");
	is(out.ptr + body, "hello", "loose: behind its header");
	ok(out.len == 6 + 7 + 5, "loose: and behind what there was");
	sk_str_clear(&out);
	ok(reads(BYTES(whole), 12, &out, &body, &err) == 0,
	   "loose: one that just fits, too");
	fails_with(SK_EFULL, BYTES(whole), 11, "one byte less is too little");
	fails_with(SK_EFULL, BYTES(large), 100, "one that is larger");
	fails_with(SK_EDATA, BYTES(more), 100, "one with more than it says");
	fails_with(SK_EDATA, BYTES(more), 4000, "that is no matter of limits");
	fails_with(SK_EDATA, BYTES(less), 100, "one with less than it says");
	fails_with(SK_EDATA, BYTES("plain text"), 100, "one that is no zlib");
	fails_with(SK_EDATA, BYTES(""), 100, "an empty file");
	fails_with(SK_EDATA, whole, sizeof(whole) - 6, 100, "a torn one");
	sk_str_free(&out);
	gitbox_end();
	return done_testing();
}
