/* SPDX-License-Identifier: MIT */
#include "wire/httpconfig.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/spawn.h"
#include "base/trace.h"
#include "format/gitconfig.h"

enum { MAX_OUTPUT = 1 << 20 };

void sk_http_config_free(struct sk_http_config *config)
{
	sk_str_free(&config->proxy);
	sk_str_free(&config->ca_file);
	sk_str_free(&config->ca_path);
	sk_str_free(&config->cert);
	sk_str_free(&config->key);
	sk_str_free(&config->pinned_key);
	sk_str_free(&config->user_agent);
	sk_str_free(&config->headers);
	sk_str_free(&config->notices);
}

/* What is being filled, and for whom. */
struct reading {
	struct sk_http_config *config;
	const char *url;
};

/* Run one `git config -z`; no output when git is not there or finds none. */
static void ask_git(struct sk_str *output, const char *action,
		    const char *subject, const char *url)
{
	const char *const argv[] = {"git",   "config", "-z", action,
				    subject, url,      NULL};
	struct sk_err err;

	if (sk_spawn_read(output, NULL, argv, MAX_OUTPUT, &err) < 0) {
		sk_trace("http", "git's settings are not known: %s", err.msg);
		sk_str_clear(output);
	}
}

/* git reads `~/` in file names as the home folder. */
static void set_path(struct sk_str *out, const char *value)
{
	const char *home = getenv("HOME");

	sk_str_clear(out);
	if (strncmp(value, "~/", 2) == 0 && home)
		sk_str_addf(out, "%s%s", home, value + 1);
	else
		sk_str_puts(out, value);
}

static bool is_false(const char *value)
{
	return strcasecmp(value, "false") == 0 ||
	       strcasecmp(value, "no") == 0 || strcasecmp(value, "off") == 0 ||
	       strcmp(value, "0") == 0 || value[0] == '\0';
}

/* What --get-urlmatch gives once for each key: the best match by git. */
static void take_setting(void *ctx, const char *key, const char *value)
{
	struct sk_http_config *config = ((const struct reading *)ctx)->config;
	const struct {
		const char *key;
		struct sk_str *path;
		struct sk_str *text;
	} known[] = {
		{"http.sslcainfo", &config->ca_file, NULL},
		{"http.sslcapath", &config->ca_path, NULL},
		{"http.sslcert", &config->cert, NULL},
		{"http.sslkey", &config->key, NULL},
		{"http.pinnedpubkey", NULL, &config->pinned_key},
		{"http.useragent", NULL, &config->user_agent},
		{"http.proxy", NULL, &config->proxy},
	};

	for (size_t i = 0; i < SK_COUNTOF(known); i++) {
		if (strcmp(key, known[i].key) != 0)
			continue;
		if (known[i].path)
			set_path(known[i].path, value);
		else
			sk_str_set(known[i].text, value);
	}
	if (strcmp(key, "http.proxy") == 0)
		config->has_proxy = true;
}

/* Whether the output has this key, however git spelt it. */
static void note_sslverify(void *ctx, const char *key, const char *value)
{
	struct sk_http_config *config = ((const struct reading *)ctx)->config;

	if (strcmp(key, "http.sslverify") == 0 && is_false(value))
		config->dont_verify = true;
}

/* Of `http.<subject>.name`: compare the name, set *len to the subject's. */
static bool has_name(const char *key, const char *name, const char **subject,
		     size_t *len)
{
	const char *dot = strrchr(key, '.');

	if (strncasecmp(key, "http.", 5) != 0 || strcasecmp(dot + 1, name) != 0)
		return false;
	*subject = key + 5;
	*len = dot > key + 5 ? (size_t)(dot - key - 5) : 0;
	while (*len && (*subject)[*len - 1] == '/')
		--*len;
	return true;
}

/* Several headers may be set, and an empty one drops those before it. */
static void take_header(void *ctx, const char *key, const char *value)
{
	const struct reading *reading = ctx;
	struct sk_http_config *config = reading->config;
	const char *url = reading->url;
	const char *subject;
	size_t len;

	if (!has_name(key, "extraheader", &subject, &len))
		return;
	if (len && (strncasecmp(url, subject, len) != 0 ||
		    (url[len] != '/' && url[len] != '\0')))
		return;
	if (!*value)
		sk_str_clear(&config->headers);
	else if (!strpbrk(value, "\r\n"))
		sk_str_addf(&config->headers, "%s\n", value);
}

/* Trust may be given up for the server itself, not for everything at once. */
static void take_sslverify(void *ctx, const char *key, const char *value)
{
	const struct reading *reading = ctx;
	struct sk_http_config *config = reading->config;
	const char *url = reading->url;
	const char *subject;
	size_t len;

	if (has_name(key, "sslverify", &subject, &len) && len == strlen(url) &&
	    strncasecmp(url, subject, len) == 0)
		config->dont_verify = is_false(value);
}

static void read_env(struct sk_http_config *config)
{
	const char *value = getenv("GIT_SSL_CAINFO");

	if (value && *value)
		sk_str_set(&config->ca_file, value);
	if (getenv("GIT_SSL_NO_VERIFY"))
		sk_str_puts(&config->notices,
			    "GIT_SSL_NO_VERIFY is ignored: certificates are"
			    " verified\n");
}

/*
 * --get-urlmatch keeps one value of each key, so the two settings for which
 * that is not enough are read again, as they stand, when there are any.
 */
static void read_again(struct reading *reading, const struct sk_str *first)
{
	struct sk_http_config *config = reading->config;
	const char *url = reading->url;
	struct sk_str all = SK_STR_INIT;
	bool unverified;

	sk_gitconfig_each_printed(first, note_sslverify, reading);
	unverified = config->dont_verify;
	config->dont_verify = false;
	if (!unverified && !memmem(first->ptr, first->len, "extraheader", 11))
		return;
	ask_git(&all, "--get-regexp",
		"^http\\.(.*\\.)?(sslverify|extraheader)$", NULL);
	sk_gitconfig_each_printed(&all, take_header, reading);
	sk_gitconfig_each_printed(&all, take_sslverify, reading);
	if (config->dont_verify)
		sk_str_addf(&config->notices,
			    "certificates of '%s' are NOT verified"
			    " (http.%s.sslVerify)\n",
			    url, url);
	else if (unverified)
		sk_str_addf(&config->notices,
			    "http.sslVerify=false is ignored: set"
			    " http.%s.sslVerify for this server alone\n",
			    url);
	sk_str_free(&all);
}

void sk_http_config_read(struct sk_http_config *config, const char *url)
{
	struct reading reading = {config, url};
	struct sk_str first = SK_STR_INIT;

	ask_git(&first, "--get-urlmatch", "http", url);
	sk_gitconfig_each_printed(&first, take_setting, &reading);
	read_again(&reading, &first);
	read_env(config);
	sk_str_free(&first);
}
