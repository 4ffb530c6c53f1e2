/* SPDX-License-Identifier: MIT */
/* What an error text is about, and what helps. */
#include "wire/batch.h"

#include <string.h>

#include "base/str.h"

enum { MAX_TEXT = 16384 }; /* what matters stands at the start */

struct category {
	const char *name;
	const char *action;
};

static const struct category categories[] = {
	[SK_CAT_NONE] = {"none", ""},
	[SK_CAT_SCHEMA_MISMATCH] =
		{"schema_mismatch",
		 "run 'git sk-sync status' to see which events"
		 " were refused, and why"},
	[SK_CAT_AUTH_EXPIRED] = {"auth_expired", "run 'git sk-auth login'"},
	[SK_CAT_UNAUTHENTICATED] = {"unauthenticated",
				    "run 'git sk-auth login'"},
	[SK_CAT_UNAUTHORIZED] = {"unauthorized",
				 "ask for access to the project on the server,"
				 " then run 'git sk-sync now'"},
	[SK_CAT_MISSING_PRIVATE_TEAM] =
		{"direct_ingress_missing_private_team",
		 "ask for a private team on the server, then run"
		 " 'git sk-auth login'"},
	[SK_CAT_THROTTLED] = {"throttled",
			      "the server is busy: run 'git sk-sync now'"
			      " later"},
	[SK_CAT_OVERSIZED_BATCH] = {"oversized_batch",
				    "run 'git sk-sync now' to send smaller"
				    " batches"},
	[SK_CAT_OVERSIZED_EVENT] = {"oversized_event",
				    "run 'git sk-sync status' to see them;"
				    " 'git sk-sync retry' once the server"
				    " takes larger ones"},
	[SK_CAT_RETRYABLE_TRANSPORT] = {"retryable_transport",
					"check the network, then run"
					" 'git sk-sync now'"},
	[SK_CAT_SERVER_ERROR] = {"server_error",
				 "run 'git sk-sync now' later, or ask who runs"
				 " the server"},
	[SK_CAT_MISCONFIGURED] = {"misconfigured",
				  "compare the server's URL with"
				  " 'git sk-auth status'; change it by"
				  " 'git sk-auth login --server <url>'"},
	[SK_CAT_UNKNOWN] = {"unknown", "run 'git sk-sync now --report <file>'"
				       " and read the errors there"},
};

/*
 * First match wins. Phrases that can only mean one thing come first; single
 * words that occur in all kinds of texts are the last resort, the words of
 * schema errors before the rest of them, because those texts quote the names
 * and values of fields. Words are in lower case, joined by single spaces;
 * a hyphen or an underscore is part of a word.
 */
/* clang-format off */
static const struct {
	enum sk_category category;
	const char *phrase;
} phrases[] = {
	{SK_CAT_OVERSIZED_EVENT, "single event exceeds decompressed byte limit"},
	{SK_CAT_OVERSIZED_EVENT, "event exceeds decompressed byte limit"},
	{SK_CAT_OVERSIZED_EVENT, "oversized event"},
	{SK_CAT_OVERSIZED_EVENT, "oversized_event"},
	{SK_CAT_OVERSIZED_EVENT, "event too large"},
	{SK_CAT_OVERSIZED_EVENT, "event is too large"},
	{SK_CAT_OVERSIZED_BATCH, "batch payload exceeds decompressed byte limit"},
	{SK_CAT_OVERSIZED_BATCH, "exceeds decompressed byte limit"},
	{SK_CAT_OVERSIZED_BATCH, "sync_batch_too_large"},
	{SK_CAT_OVERSIZED_BATCH, "request_too_large"},
	{SK_CAT_OVERSIZED_BATCH, "oversized_batch"},
	{SK_CAT_OVERSIZED_BATCH, "oversized batch"},
	{SK_CAT_OVERSIZED_BATCH, "payload too large"},
	{SK_CAT_OVERSIZED_BATCH, "payload is too large"},
	{SK_CAT_OVERSIZED_BATCH, "content too large"},
	{SK_CAT_OVERSIZED_BATCH, "request too large"},
	{SK_CAT_OVERSIZED_BATCH, "request entity too large"},
	{SK_CAT_OVERSIZED_BATCH, "request body too large"},
	{SK_CAT_OVERSIZED_BATCH, "request body is too large"},
	{SK_CAT_OVERSIZED_BATCH, "batch too large"},
	{SK_CAT_OVERSIZED_BATCH, "batch is too large"},
	{SK_CAT_OVERSIZED_BATCH, "too many events"},

	{SK_CAT_THROTTLED, "rate limit"},
	{SK_CAT_THROTTLED, "rate-limit"},
	{SK_CAT_THROTTLED, "rate_limit"},
	{SK_CAT_THROTTLED, "rate limited"},
	{SK_CAT_THROTTLED, "rate-limited"},
	{SK_CAT_THROTTLED, "rate_limited"},
	{SK_CAT_THROTTLED, "too many requests"},
	{SK_CAT_THROTTLED, "throttle"},
	{SK_CAT_THROTTLED, "throttled"},
	{SK_CAT_THROTTLED, "throttling"},

	{SK_CAT_MISSING_PRIVATE_TEAM, "direct_ingress_missing_private_team"},
	{SK_CAT_MISSING_PRIVATE_TEAM, "private teamspace"},
	{SK_CAT_MISSING_PRIVATE_TEAM, "private team"},
	{SK_CAT_MISSING_PRIVATE_TEAM, "direct ingress"},

	{SK_CAT_UNAUTHENTICATED, "not authenticated"},
	{SK_CAT_UNAUTHENTICATED, "unauthenticated"},
	{SK_CAT_UNAUTHENTICATED, "no valid access token"},
	{SK_CAT_UNAUTHENTICATED, "authentication required"},
	{SK_CAT_UNAUTHENTICATED, "authentication credentials were not provided"},

	{SK_CAT_AUTH_EXPIRED, "token expired"},
	{SK_CAT_AUTH_EXPIRED, "token is expired"},
	{SK_CAT_AUTH_EXPIRED, "token has expired"},
	{SK_CAT_AUTH_EXPIRED, "token_expired"},
	{SK_CAT_AUTH_EXPIRED, "token_not_valid"},
	{SK_CAT_AUTH_EXPIRED, "expired token"},
	{SK_CAT_AUTH_EXPIRED, "invalid token"},
	{SK_CAT_AUTH_EXPIRED, "invalid_token"},
	{SK_CAT_AUTH_EXPIRED, "invalid access token"},
	{SK_CAT_AUTH_EXPIRED, "token is invalid"},
	{SK_CAT_AUTH_EXPIRED, "token not valid"},
	{SK_CAT_AUTH_EXPIRED, "token is not valid"},
	{SK_CAT_AUTH_EXPIRED, "given token not valid"},
	{SK_CAT_AUTH_EXPIRED, "token revoked"},
	{SK_CAT_AUTH_EXPIRED, "token has been revoked"},
	{SK_CAT_AUTH_EXPIRED, "session expired"},
	{SK_CAT_AUTH_EXPIRED, "session has expired"},
	{SK_CAT_AUTH_EXPIRED, "signature has expired"},
	{SK_CAT_AUTH_EXPIRED, "log in again"},
	{SK_CAT_AUTH_EXPIRED, "authentication failed"},
	{SK_CAT_AUTH_EXPIRED, "http 401"},
	{SK_CAT_AUTH_EXPIRED, "401 unauthorized"},

	{SK_CAT_UNAUTHORIZED, "forbidden"},
	{SK_CAT_UNAUTHORIZED, "permission denied"},
	{SK_CAT_UNAUTHORIZED, "do not have permission"},
	{SK_CAT_UNAUTHORIZED, "access denied"},
	{SK_CAT_UNAUTHORIZED, "not a member"},
	{SK_CAT_UNAUTHORIZED, "not authorized"},
	{SK_CAT_UNAUTHORIZED, "http 403"},

	{SK_CAT_SERVER_ERROR, "internal server error"},
	{SK_CAT_SERVER_ERROR, "server error"},
	{SK_CAT_SERVER_ERROR, "bad gateway"},
	{SK_CAT_SERVER_ERROR, "gateway timeout"},
	{SK_CAT_SERVER_ERROR, "gateway time-out"},
	{SK_CAT_SERVER_ERROR, "service unavailable"},
	{SK_CAT_SERVER_ERROR, "service temporarily unavailable"},
	{SK_CAT_SERVER_ERROR, "database is locked"},
	{SK_CAT_SERVER_ERROR, "http 500"},
	{SK_CAT_SERVER_ERROR, "http 502"},
	{SK_CAT_SERVER_ERROR, "http 503"},
	{SK_CAT_SERVER_ERROR, "http 504"},

	{SK_CAT_RETRYABLE_TRANSPORT, "timed out"},
	{SK_CAT_RETRYABLE_TRANSPORT, "request timeout"},
	{SK_CAT_RETRYABLE_TRANSPORT, "connection refused"},
	{SK_CAT_RETRYABLE_TRANSPORT, "connection reset"},
	{SK_CAT_RETRYABLE_TRANSPORT, "connection reset by peer"},
	{SK_CAT_RETRYABLE_TRANSPORT, "connection error"},
	{SK_CAT_RETRYABLE_TRANSPORT, "network down"},
	{SK_CAT_RETRYABLE_TRANSPORT, "network is unreachable"},

	{SK_CAT_MISCONFIGURED, "unsupported media type"},
	{SK_CAT_MISCONFIGURED, "method not allowed"},
	{SK_CAT_MISCONFIGURED, "captive portal"},

	{SK_CAT_SCHEMA_MISMATCH, "schema"},
	{SK_CAT_SCHEMA_MISMATCH, "schema_version"},
	{SK_CAT_SCHEMA_MISMATCH, "invalid"},
	{SK_CAT_SCHEMA_MISMATCH, "field"},
	{SK_CAT_SCHEMA_MISMATCH, "fields"},
	{SK_CAT_SCHEMA_MISMATCH, "missing"},
	{SK_CAT_SCHEMA_MISMATCH, "type"},
	{SK_CAT_SCHEMA_MISMATCH, "event_type"},
	{SK_CAT_SCHEMA_MISMATCH, "aggregate_type"},
	{SK_CAT_SCHEMA_MISMATCH, "type_error"},
	{SK_CAT_SCHEMA_MISMATCH, "input should be"},
	{SK_CAT_SCHEMA_MISMATCH, "extra inputs"},
	{SK_CAT_SCHEMA_MISMATCH, "should match pattern"},
	{SK_CAT_SCHEMA_MISMATCH, "should have at least"},
	{SK_CAT_SCHEMA_MISMATCH, "should have at most"},
	{SK_CAT_SCHEMA_MISMATCH, "is required"},
	{SK_CAT_SCHEMA_MISMATCH, "required property"},
	{SK_CAT_SCHEMA_MISMATCH, "is not one of"},
	{SK_CAT_SCHEMA_MISMATCH, "is not valid"},
	{SK_CAT_SCHEMA_MISMATCH, "not a valid"},
	{SK_CAT_SCHEMA_MISMATCH, "does not match"},
	{SK_CAT_SCHEMA_MISMATCH, "must be"},
	{SK_CAT_SCHEMA_MISMATCH, "must not be"},
	{SK_CAT_SCHEMA_MISMATCH, "forbidden_key"},
	{SK_CAT_SCHEMA_MISMATCH, "unknown lane"},
	{SK_CAT_SCHEMA_MISMATCH, "unknown key"},
	{SK_CAT_SCHEMA_MISMATCH, "unexpected key"},
	{SK_CAT_SCHEMA_MISMATCH, "validation error"},
	{SK_CAT_SCHEMA_MISMATCH, "validation errors"},
	{SK_CAT_SCHEMA_MISMATCH, "validation failed"},
	{SK_CAT_SCHEMA_MISMATCH, "malformed"},

	{SK_CAT_AUTH_EXPIRED, "token"},
	{SK_CAT_AUTH_EXPIRED, "expired"},
	{SK_CAT_AUTH_EXPIRED, "unauthorized"},
	{SK_CAT_AUTH_EXPIRED, "401"},
	{SK_CAT_RETRYABLE_TRANSPORT, "timeout"},
	{SK_CAT_RETRYABLE_TRANSPORT, "connection"},
	{SK_CAT_RETRYABLE_TRANSPORT, "network"},
	{SK_CAT_RETRYABLE_TRANSPORT, "unreachable"},
	{SK_CAT_SERVER_ERROR, "internal"},
	{SK_CAT_SERVER_ERROR, "500"},
	{SK_CAT_SERVER_ERROR, "502"},
	{SK_CAT_SERVER_ERROR, "503"},
	{SK_CAT_SERVER_ERROR, "504"},
	{SK_CAT_RETRYABLE_TRANSPORT, "unavailable"},
};
/* clang-format on */

const char *sk_category_name(enum sk_category category)
{
	return categories[category].name;
}

const char *sk_category_action(enum sk_category category)
{
	return categories[category].action;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
	       c == '-' || (unsigned char)c >= 0x80;
}

/* The words of the text in lower case, one space before and behind each. */
static void add_words(struct sk_str *out, const char *text)
{
	size_t len = strnlen(text, MAX_TEXT);

	sk_str_putc(out, ' ');
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (is_word_char(c))
			sk_str_putc(out, c);
		else if (out->ptr[out->len - 1] != ' ')
			sk_str_putc(out, ' ');
	}
	if (out->ptr[out->len - 1] != ' ')
		sk_str_putc(out, ' ');
}

static bool has_phrase(const struct sk_str *words, const char *phrase)
{
	size_t len = strlen(phrase);
	const char *at = words->ptr;

	while ((at = strstr(at, phrase)) != NULL) {
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
		at++;
	}
	return false;
}

enum sk_category sk_category_of_text(const char *text)
{
	enum sk_category found = SK_CAT_UNKNOWN;
	struct sk_str words = SK_STR_INIT;

	add_words(&words, text);
	for (size_t i = 0; i < SK_COUNTOF(phrases); i++) {
		if (has_phrase(&words, phrases[i].phrase)) {
			found = phrases[i].category;
			break;
		}
	}
	sk_str_free(&words);
	return found;
}
