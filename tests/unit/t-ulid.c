/* SPDX-License-Identifier: MIT */
#include "format/sha256.h"
#include "format/ulid.h"
#include "tap.h"

static const unsigned char zeros[10],
	ones[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};

static void made_is(int64_t ms, const unsigned char *bits, const char *want,
		    const char *name)
{
	char text[SK_ULID_LEN + 1];

	sk_ulid_make(text, ms, bits);
	is(text, want, name);
}

static void test_make(void)
{
	static const unsigned char mixed[10] = {0x01, 0x23, 0x45, 0x67, 0x89,
						0xab, 0xcd, 0xef, 0x10, 0x32};
	char a[SK_ULID_LEN + 1], b[SK_ULID_LEN + 1];

	made_is(0, zeros, "00000000000000000000000000", "ulid: all zero");
	made_is(1469918176385, zeros, "01ARYZ6S410000000000000000",
		"ulid: the time of the specification's example");
	made_is(((int64_t)1 << 48) - 1, ones, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"ulid: the last one");
	made_is(INT64_MAX, ones, "7ZZZZZZZZZZZZZZZZZZZZZZZZZ",
		"ulid: times past the last count as the last");
	made_is(-5, ones, "0000000000ZZZZZZZZZZZZZZZZ",
		"ulid: times below 0 count as 0");
	made_is(1, mixed, "000000000104HMASW9NF6YY41J",
		"ulid: bits from the first to the last");
	sk_ulid_random(a);
	sk_ulid_random(b);
	ok(sk_ulid_is_valid(a) && sk_ulid_is_valid(b) && strcmp(a, b) != 0,
	   "ulid: random ones are valid and differ");
	ok(strncmp(a, b, 6) == 0, "ulid: and begin with the time");
}

static const struct {
	const char *text;
	bool ulid, event;
} ids[] = {
	{"01ARZ3NDEKTSV4RRFFQ69G5FAV", true, true},
	{"7ZZZZZZZZZZZZZZZZZZZZZZZZZ", true, true},
	{"8ZZZZZZZZZZZZZZZZZZZZZZZZZ", false, false},
	{"01arz3ndektsv4rrffq69g5fav", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FA", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FAVV", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FAI", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FAL", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FAO", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FAU", false, false},
	{"01ARZ3NDEKTSV4RRFFQ69G5FA ", false, false},
	{"", false, false},
	{"123e4567-e89b-12d3-a456-426614174000", false, true},
	{"123E4567-E89B-12D3-A456-426614174000", false, true},
	{"123e4567e89b12d3a456426614174000", false, true},
	{"123e4567e89b12d3a45642661417400", false, false},
	{"123e4567e89b12d3a4564266141740000", false, false},
	{"123e4567-e89b-12d3-a456-42661417400", false, false},
	{"123e4567-e89b-12d3-a456-4266141740000", false, false},
	{"123e4567-e89b-12d3a-456-426614174000", false, false},
	{"g23e4567-e89b-12d3-a456-426614174000", false, false},
	{"123e4567-e89b-12d3-a456_426614174000", false, false},
};

static void test_valid(void)
{
	for (size_t i = 0; i < SK_COUNTOF(ids); i++)
		ok(sk_ulid_is_valid(ids[i].text) == ids[i].ulid &&
			   sk_event_id_is_valid(ids[i].text) == ids[i].event &&
			   sk_uuid_is_valid(ids[i].text) ==
				   (ids[i].event && strlen(ids[i].text) == 36),
		   "ulid: '%s' is%s%s an id", ids[i].text,
		   ids[i].ulid ? " a ULID and" : "",
		   ids[i].event ? "" : " not");
}

static void sha256_is(const void *data, size_t len, const char *want,
		      const char *name)
{
	unsigned char sum[SK_SHA256_LEN];
	char text[2 * SK_SHA256_LEN + 1];

	sk_sha256(sum, data, len);
	sk_hex(text, sum, sizeof(sum));
	is(text, want, name);
}

int main(void)
{
	test_make();
	test_valid();
	sha256_is("abc", 3,
		  "ba7816bf8f01cfea414140de5dae2223"
		  "b00361a396177a9cb410ff61f20015ad",
		  "sha256: 'abc'");
	sha256_is(NULL, 0,
		  "e3b0c44298fc1c149afbf4c8996fb924"
		  "27ae41e4649b934ca495991b7852b855",
		  "sha256: nothing");
	return done_testing();
}
