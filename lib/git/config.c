/* SPDX-License-Identifier: MIT */
#include "git/config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/spawn.h"
#include "format/gitconfig.h"

int sk_config_load(struct sk_config *config, struct sk_err *err)
{
	static const char wanted[] =
		"^(sk\\..*|remote\\..*\\.url|color\\.(ui|sk)"
		"|core\\.(bare|worktree|hookspath))$";
	static const char *const argv[] = {"git",	   "config", "-z",
					   "--get-regexp", wanted,   NULL};
	struct sk_str errors = SK_STR_INIT;
	int status;

	*config = (struct sk_config)SK_CONFIG_INIT;
	status = sk_spawn_read(&config->raw, &errors, argv, 1u << 20, err);
	if (status > 1) { /* 1: no such key */
		sk_str_rtrim(&errors);
		sk_fail(err, SK_EFAIL, "'git config' failed: %s", errors.ptr);
		status = -1;
	}
	sk_str_free(&errors);
	if (status < 0)
		sk_config_free(config);
	return status < 0 ? -1 : 0;
}

void sk_config_free(struct sk_config *config)
{
	sk_str_free(&config->raw);
}

/* One key that is looked for among all. */
struct search {
	const char *key;
	sk_value_fn *each;
	void *ctx;
};

static void compare(void *ctx, const char *key, const char *value)
{
	const struct search *search = ctx;

	if (strcasecmp(key, search->key) == 0)
		search->each(search->ctx, value);
}

void sk_config_each_value(const struct sk_config *config, const char *key,
			  sk_value_fn *each, void *ctx)
{
	struct search search = {key, each, ctx};

	sk_gitconfig_each_printed(&config->raw, compare, &search);
}

static void take_last(void *ctx, const char *value)
{
	*(const char **)ctx = value;
}

const char *sk_config_get(const struct sk_config *config, const char *key)
{
	const char *found = NULL;

	sk_config_each_value(config, key, take_last, &found);
	return found;
}

const char *sk_config_clone(const struct sk_config *config)
{
	const char *id = sk_config_get(config, "sk.clone");

	return id && *id ? id : NULL;
}

int sk_config_ask_clone(struct sk_str *id, const char *common_dir)
{
	const char *const argv[] = {"env",    "-u",	   "GIT_DIR",
				    "git",    "--git-dir", common_dir,
				    "config", "--local",   "--includes",
				    "--get",  "sk.clone",  NULL};
	struct sk_err ignored = {0};

	return sk_spawn_ask(id, argv, &ignored) != 0 || !id->len;
}

/* A whole number with git's suffixes; what it counts is of no interest. */
static bool is_number(const char *text, bool *is_zero)
{
	char *end;

	*is_zero = strtol(text, &end, 10) == 0;
	if (end > text && *end && strchr("kKmMgG", *end))
		end++;
	return end > text && !*end;
}

int sk_config_parse_bool(const char *text)
{
	static const char *const words[] = {"false", "no",  "off", "",
					    "true",  "yes", "on"};
	bool is_zero;

	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		if (strcasecmp(text, words[i]) == 0)
			return i >= 4;
	}
	return is_number(text, &is_zero) ? !is_zero : -1;
}

int sk_config_bool(bool *value, const struct sk_config *config, const char *key,
		   struct sk_err *err)
{
	const char *text = sk_config_get(config, key);
	int parsed = text ? sk_config_parse_bool(text) : *value;

	if (parsed < 0) {
		sk_fail(err, SK_EDATA, "%s is '%.40s', which is no boolean",
			key, text);
		return sk_hint(err, "set it to true or false");
	}
	*value = parsed;
	return 0;
}

const char *sk_config_sync_variable(void)
{
	const char *value = getenv(SK_SYNC_VARIABLE);

	return value && *value ? value : NULL;
}

int sk_config_may_send(bool *may, const struct sk_config *config,
		       struct sk_err *err)
{
	static const char *const yes[] = {"1", "true", "yes", "on"};
	const char *value = sk_config_sync_variable();

	*may = !value;
	if (!value)
		return sk_config_bool(may, config, "sk.sync", err);
	for (size_t i = 0; i < SK_COUNTOF(yes); i++)
		*may |= strcasecmp(value, yes[i]) == 0;
	return 0;
}

/* Records of `scope NUL origin NUL key LF value NUL`. */
static void each_record(char *at, const char *end, sk_config_fn *each,
			void *ctx)
{
	while (at < end) {
		const char *scope = at, *origin = scope + strlen(scope) + 1;
		char *key, *value;

		at += strlen(at) + 1;
		key = at < end ? at + strlen(at) + 1 : at;
		if (key >= end)
			break;
		at = key + strlen(key) + 1;
		value = strchr(key, '\n');
		if (value)
			*value++ = '\0';
		each(ctx, origin, scope, key, value ? value : "true");
	}
}

int sk_config_each(sk_config_fn *each, void *ctx, struct sk_err *err)
{
	static const char *const argv[] = {"git",
					   "config",
					   "-z",
					   "--show-scope",
					   "--show-origin",
					   "--get-regexp",
					   "^(sk\\..*|core\\.hookspath)$",
					   NULL};
	struct sk_str raw = SK_STR_INIT, errors = SK_STR_INIT;
	int status = sk_spawn_read(&raw, &errors, argv, 1u << 20, err);

	if (status == 0) {
		each_record(raw.ptr, raw.ptr + raw.len, each, ctx);
	} else if (status > 1) { /* 1: no such key */
		sk_str_rtrim(&errors);
		sk_fail(err, SK_EFAIL, "'git config' failed: %s", errors.ptr);
		status = -1;
	}
	sk_str_free(&errors);
	sk_str_free(&raw);
	return status < 0 ? -1 : 0;
}

static int run_config(const char *const argv[], int also_fine,
		      struct sk_err *err)
{
	struct sk_str errors = SK_STR_INIT;
	int status = sk_spawn_read(NULL, &errors, argv, 1u << 16, err);

	if (status > 0 && status != also_fine) {
		sk_str_rtrim(&errors);
		sk_fail(err, SK_EFAIL, "'git config' failed: %s", errors.ptr);
		status = -1;
	}
	sk_str_free(&errors);
	return status < 0 ? -1 : 0;
}

int sk_config_set(const char *key, const char *value, struct sk_err *err)
{
	return run_config((const char *const[]){"git", "config", "--local", key,
						value, NULL},
			  0, err);
}

int sk_config_add(const char *key, const char *value, struct sk_err *err)
{
	return run_config((const char *const[]){"git", "config", "--local",
						"--add", key, value, NULL},
			  0, err);
}

int sk_config_unset(const char *key, struct sk_err *err)
{
	/* 5: it was not set */
	return run_config((const char *const[]){"git", "config", "--local",
						"--unset-all", key, NULL},
			  5, err);
}
