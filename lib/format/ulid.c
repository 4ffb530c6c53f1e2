/* SPDX-License-Identifier: MIT */
#include "format/ulid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/now.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void sk_ulid_make(char out[SK_ULID_LEN + 1], int64_t ms,
		  const unsigned char bits[10])
{
	const int64_t last = ((int64_t)1 << 48) - 1;
	uint64_t time = (uint64_t)(ms < 0 ? 0 : (ms > last ? last : ms));
	uint32_t pending = 0;
	unsigned have = 0;
	char *at = out + 10;

	for (int i = 9; i >= 0; i--) {
		out[i] = alphabet[time & 31];
		time >>= 5;
	}
	for (int i = 0; i < 10; i++) {
		pending = pending << 8 | bits[i];
		for (have += 8; have >= 5; have -= 5)
			*at++ = alphabet[pending >> (have - 5) & 31];
	}
	*at = '\0';
}

void sk_ulid_random(char out[SK_ULID_LEN + 1])
{
	unsigned char bits[10];
	ssize_t n;

	/* requests up to 256 bytes are never cut short by a signal */
	while ((n = getrandom(bits, sizeof(bits), 0)) < 0 && errno == EINTR)
		;
	if (n != (ssize_t)sizeof(bits))
		abort();
	sk_ulid_make(out, sk_now_ms(), bits);
}

bool sk_ulid_is_valid(const char *text)
{
	return strlen(text) == SK_ULID_LEN &&
	       strspn(text, alphabet) == SK_ULID_LEN && text[0] <= '7';
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	       (c >= 'A' && c <= 'F');
}

static bool is_uuid(const char *text, bool hyphens)
{
	size_t i;

	for (i = 0; text[i]; i++) {
		bool hyphen =
			hyphens && (i == 8 || i == 13 || i == 18 || i == 23);

		if (hyphen ? text[i] != '-' : !is_hex(text[i]))
			return false;
	}
	return i == (hyphens ? 36 : 32);
}

bool sk_uuid_is_valid(const char *text)
{
	return is_uuid(text, true);
}

bool sk_event_id_is_valid(const char *text)
{
	return sk_ulid_is_valid(text) || sk_uuid_is_valid(text) ||
	       is_uuid(text, false);
}
