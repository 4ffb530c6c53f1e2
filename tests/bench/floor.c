/* SPDX-License-Identifier: MIT */
/*
 * floor <queue> <url> <token> <events> <bytes> <level>: the least a drain can
 * do. Read rows in order, put them between brackets, gzip, post, delete what
 * was posted on status 200 without a look at the answer; batches of at most so
 * many events and bytes. No retries, no verdicts, no records: not a program to
 * use.
 */
#include <curl/curl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/base.h"

struct batch {
	char *json;
	size_t len, max;
	unsigned char *packed;
	size_t packed_len, packed_max;
	sqlite3_int64 *ids;
	int count, limit;
};

static void die(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

static void add(struct batch *b, const void *text, size_t len)
{
	memcpy(b->json + b->len, text, len);
	b->len += len;
}

static void fill(struct batch *b, sqlite3_stmt *rows)
{
	b->len = 0;
	b->count = 0;
	add(b, "{\"events\": [", 12);
	while (b->count < b->limit && sqlite3_step(rows) == SQLITE_ROW) {
		const void *data = sqlite3_column_text(rows, 1);
		size_t len = (size_t)sqlite3_column_bytes(rows, 1);

		if (b->len + len + 4 > b->max)
			break;
		if (b->count)
			add(b, ", ", 2);
		add(b, data, len);
		b->ids[b->count++] = sqlite3_column_int64(rows, 0);
	}
	add(b, "]}", 2);
	sqlite3_reset(rows);
}

static void pack(struct batch *b, z_stream *z)
{
	z->next_in = (unsigned char *)b->json;
	z->avail_in = (uInt)b->len;
	z->next_out = b->packed;
	z->avail_out = (uInt)b->packed_max;
	if (deflate(z, Z_FINISH) != Z_STREAM_END)
		die("cannot compress");
	b->packed_len = b->packed_max - z->avail_out;
	deflateReset(z);
}

static void delete_rows(struct batch *b, sqlite3 *db, sqlite3_stmt *gone)
{
	sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	for (int i = 0; i < b->count; i++) {
		sqlite3_bind_int64(gone, 1, b->ids[i]);
		sqlite3_step(gone);
		sqlite3_reset(gone);
	}
	if (sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		die("cannot commit");
}

static size_t ignore(char *data, size_t size, size_t count, void *ctx)
{
	(void)data, (void)ctx;
	return size * count;
}

static void post(struct batch *b, CURL *curl)
{
	long status = 0;

	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)b->packed_len);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, b->packed);
	if (curl_easy_perform(curl) != CURLE_OK)
		die("cannot post");
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	if (status != 200)
		die("not accepted");
}

static CURL *open_server(const char *url, const char *token)
{
	struct curl_slist *headers = NULL;
	char line[512];
	CURL *curl = curl_easy_init();

	snprintf(line, sizeof(line), "Authorization: Bearer %s", token);
	headers = curl_slist_append(headers, line);
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Content-Encoding: gzip");
	headers = curl_slist_append(headers, "Expect:");
	snprintf(line, sizeof(line), "%s/api/v1/events/batch/", url);
	curl_easy_setopt(curl, CURLOPT_URL, line);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	return curl;
}

int main(int argc, char **argv)
{
	struct batch b = {0};
	z_stream z = {0};
	sqlite3 *db;
	sqlite3_stmt *rows, *gone;
	CURL *curl;

	if (argc != 7)
		die("wants six arguments");
	b.limit = atoi(argv[4]);
	b.max = (size_t)atol(argv[5]);
	b.packed_max = compressBound(b.max) + 64;
	b.json = malloc(b.max + 16);
	b.packed = malloc(b.packed_max);
	b.ids = calloc((size_t)b.limit, sizeof(*b.ids));
	if (!b.json || !b.packed || !b.ids ||
	    deflateInit2(&z, atoi(argv[6]), Z_DEFLATED, 31, 8,
			 Z_DEFAULT_STRATEGY) != Z_OK)
		die("out of memory");
	if (sqlite3_open(argv[1], &db) != SQLITE_OK ||
	    sqlite3_exec(db, "PRAGMA synchronous = NORMAL", 0, 0, 0) ||
	    sqlite3_prepare_v2(db,
			       "SELECT id, data FROM queue"
			       " ORDER BY timestamp, id LIMIT 1000",
			       -1, &rows, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(db, "DELETE FROM queue WHERE id = ?", -1, &gone,
			       NULL) != SQLITE_OK)
		die(sqlite3_errmsg(db));
	curl = open_server(argv[2], argv[3]);
	for (fill(&b, rows); b.count; fill(&b, rows)) {
		pack(&b, &z);
		post(&b, curl);
		delete_rows(&b, db, gone);
	}
	curl_easy_cleanup(curl);
	sqlite3_finalize(rows);
	sqlite3_finalize(gone);
	return sqlite3_close(db) == SQLITE_OK ? 0 : 1;
}
