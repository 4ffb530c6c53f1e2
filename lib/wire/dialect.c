/* SPDX-License-Identifier: MIT */
#include "wire/dialect.h"

#include <string.h>

#include "base/file.h"
#include "base/home.h"
#include "format/toml.h"
#include "wire/api.h"

enum {
	HEALTH_TIMEOUT_S = 5,
	LOCK_WAIT_MS = 2000,
	MAX_CONFIG = 1 << 20,
};

/* Ours, best first. */
static const char *const spoken[] = {"1.0.0"};

static bool lists(const struct sk_json *list, const char *contract)
{
	const struct sk_json *item = sk_json_first(list);

	for (; item; item = sk_json_next(item)) {
		const char *text = sk_json_text(item);

		if (text && strcmp(text, contract) == 0)
			return true;
	}
	return false;
}

/* Returns 0 with *best borrowed for ever; 1 when nothing is said; -1. */
static int choose(const char **best, const struct sk_http *http,
		  const struct sk_api_answer *answer, struct sk_err *err)
{
	const struct sk_json *list = sk_json_get(answer->body, "contracts");

	if (answer->res.status != 200)
		return 1; /* older servers answer anything here */
	*best = NULL;
	for (size_t i = 0; i < SK_COUNTOF(spoken) && !*best; i++) {
		if (lists(list, spoken[i]))
			*best = spoken[i];
	}
	if (*best)
		return 0;
	if (!sk_json_first(list))
		return 1;
	sk_fail(err, SK_EDATA, "'%s' speaks no contract of this git-sk (%s)",
		sk_http_server(http), spoken[0]);
	return sk_hint(err, "update git-sk on this machine");
}

/* Replace the file, unless it says so already. */
static int write_config(const char *path, const char *contract,
			struct sk_err *err)
{
	struct sk_str old = SK_STR_INIT, new = SK_STR_INIT;
	struct sk_str value = SK_STR_INIT;
	int ret = -1, rc;

	if (sk_file_read(&old, path, MAX_CONFIG, err) < 0)
		goto out;
	rc = sk_toml_get(&value, old.ptr, old.len, "sync.contract", err);
	if (rc == 0 && strcmp(value.ptr, contract) == 0)
		ret = 0;
	else if (rc >= 0 && sk_toml_set(&new, old.ptr, old.len, "sync",
					"contract", contract, err) == 0)
		ret = sk_file_write(path, new.ptr, new.len, 0600, err);
	if (ret < 0)
		sk_within(err, "'%s'", path);
out:
	sk_str_free(&value);
	sk_str_free(&new);
	sk_str_free(&old);
	return ret;
}

static int store(const char *contract, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, lock_path = SK_STR_INIT;
	int lock = -1, ret = -1;

	if (sk_home_make(err) < 0 ||
	    sk_home_path(&path, "config.toml", err) < 0 ||
	    sk_home_path(&lock_path, "config.lock", err) < 0)
		goto out;
	lock = sk_lock(lock_path.ptr, LOCK_WAIT_MS, err);
	if (lock >= 0)
		ret = write_config(path.ptr, contract, err);
	sk_unlock(lock);
out:
	sk_str_free(&lock_path);
	sk_str_free(&path);
	return ret;
}

int sk_dialect_learn(struct sk_http *http, const struct sk_credentials *creds,
		     struct sk_err *err)
{
	struct sk_api_answer answer = SK_API_ANSWER_INIT;
	const char *best = NULL;
	int ret = sk_api_health(&answer, http, creds->access.ptr,
				HEALTH_TIMEOUT_S, err);

	if (ret == 0)
		ret = choose(&best, http, &answer, err);
	if (ret == 0)
		ret = store(best, err);
	sk_api_answer_free(&answer);
	return ret;
}

int sk_dialect_current(struct sk_str *out, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, text = SK_STR_INIT;
	int rc = sk_home_path(&path, "config.toml", err);

	if (rc == 0)
		rc = sk_file_read(&text, path.ptr, MAX_CONFIG, err);
	if (rc == 0) {
		rc = sk_toml_get(out, text.ptr, text.len, "sync.contract", err);
		if (rc < 0)
			sk_within(err, "'%s'", path.ptr);
	}
	if (rc > 0)
		sk_str_set(out, spoken[SK_COUNTOF(spoken) - 1]);
	sk_str_free(&text);
	sk_str_free(&path);
	return rc < 0 ? -1 : 0;
}
