/* SPDX-License-Identifier: MIT */
/*
 * The part of git's own `http.*` settings that applies to one URL, so that a
 * machine on which `git fetch` works through its proxy and its own CA needs no
 * second configuration. Private to lib/wire.
 */
#ifndef SK_WIRE_HTTPCONFIG_H
#define SK_WIRE_HTTPCONFIG_H

#include "base/base.h"
#include "base/str.h"

struct sk_http_config {
	bool has_proxy; /* set, maybe to nothing, which means: none */
	struct sk_str proxy;
	struct sk_str ca_file; /* GIT_SSL_CAINFO, else http.sslCAInfo */
	struct sk_str ca_path;
	struct sk_str cert;
	struct sk_str key;
	struct sk_str pinned_key;
	struct sk_str user_agent;
	struct sk_str headers; /* http.extraHeader, each ended by LF */
	struct sk_str notices; /* what the user must be told, one a line */
	bool dont_verify;      /* http.<this very URL>.sslVerify=false */
};

/* clang-format off */
#define SK_HTTP_CONFIG_INIT                                                    \
	{                                                                      \
		false, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,     \
		SK_STR_INIT, SK_STR_INIT, SK_STR_INIT, SK_STR_INIT,            \
		SK_STR_INIT, false                                             \
	}
/* clang-format on */

/* Release what the settings hold. */
void sk_http_config_free(struct sk_http_config *config);

/*
 * Ask git for the settings that apply to `url` and look at its environment
 * variables. No git, or one that fails, is no settings. *config is owned.
 */
void sk_http_config_read(struct sk_http_config *config, const char *url);

#endif
