/* SPDX-License-Identifier: MIT */
#include "capture/clock.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/home.h"
#include "base/now.h"
#include "format/json.h"
#include "format/sha256.h"
#include "format/time.h"
#include "outbox/state.h"

enum { CLOCK_MAX_BYTES = 4096, NODE_ID_DIGITS = 12 };

/* What spec-kitty makes of `<hostname>:<login name>`. */
static void default_node_id(struct sk_str *out)
{
	const struct passwd *user = getpwuid(geteuid());
	unsigned char hash[SK_SHA256_LEN];
	char host[256] = "", digits[2 * SK_SHA256_LEN + 1];
	struct sk_str text = SK_STR_INIT;

	gethostname(host, sizeof(host) - 1);
	sk_str_addf(&text, "%s:%s", host, user ? user->pw_name : "unknown");
	sk_sha256(hash, text.ptr, text.len);
	sk_hex(digits, hash, sizeof(hash));
	sk_str_clear(out);
	sk_str_add(out, digits, NODE_ID_DIGITS);
	sk_str_free(&text);
}

/* A file that is absent or damaged says nothing: value 0, node id empty. */
static void read_clock(const char *path, int64_t *value, struct sk_str *node_id)
{
	struct sk_str text = SK_STR_INIT;
	struct sk_json *root = NULL;
	struct sk_err ignored = {0};
	const char *node;

	*value = 0;
	sk_str_clear(node_id);
	if (sk_file_read(&text, path, CLOCK_MAX_BYTES, &ignored) == 0 &&
	    sk_json_parse(&root, text.ptr, text.len, &ignored) == 0) {
		if (!sk_json_int(sk_json_get(root, "value"), value) ||
		    *value < 0)
			*value = 0;
		node = sk_json_get_text(root, "node_id");
		if (node && strlen(node) <= 64)
			sk_str_set(node_id, node);
	}
	sk_json_free(root);
	sk_str_free(&text);
}

/* Python's json.dump(..., indent=2), the form spec-kitty writes. */
static int write_clock(const char *path, int64_t value, const char *node_id,
		       struct sk_err *err)
{
	struct sk_str text = SK_STR_INIT, now = SK_STR_INIT;
	struct sk_jsonw w = SK_JSONW(&text);
	int ret;

	sk_time_add(&now, sk_now_ms() * 1000);
	sk_str_addf(&text,
		    "{\n  \"value\": %lld,\n  \"node_id\": ", (long long)value);
	sk_jsonw_text(&w, NULL, node_id);
	sk_str_addf(&text, ",\n  \"updated_at\": \"%s\"\n}", now.ptr);
	/* the queue, which is synced, has the value as well */
	ret = sk_file_write_unsynced(path, text.ptr, text.len, 0600, err);
	sk_str_free(&now);
	sk_str_free(&text);
	return ret;
}

int sk_clock_take(struct sk_outbox *box, int64_t count, int64_t *first,
		  struct sk_str *node_id, struct sk_err *err)
{
	struct sk_str path = SK_STR_INIT, lock = SK_STR_INIT;
	int64_t in_file = 0, in_queue = 0;
	int fd = -1, ret = -1;

	if (sk_home_path(&path, "clock.json", err) < 0 ||
	    sk_home_path(&lock, "clock.json.lock", err) < 0)
		goto out;
	fd = sk_lock(lock.ptr, SK_OUTBOX_WAIT_MS, err);
	if (fd < 0 || sk_state_get_int(box, "lamport", &in_queue, err) < 0)
		goto out;
	read_clock(path.ptr, &in_file, node_id);
	if (!node_id->len)
		default_node_id(node_id);
	*first = (in_file > in_queue ? in_file : in_queue) + 1;
	if (write_clock(path.ptr, *first + count - 1, node_id->ptr, err) < 0 ||
	    sk_state_set_int(box, "lamport", *first + count - 1, err) < 0)
		goto out;
	ret = 0;
out:
	sk_unlock(fd);
	sk_str_free(&lock);
	sk_str_free(&path);
	return ret;
}
