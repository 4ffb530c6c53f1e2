/* SPDX-License-Identifier: MIT */
/*
 * Random histories with random dates: the walk gives what reaching along the
 * parents gives. Where the dates run with the history so does git.
 */
#include "git/walk.h"

#include <string.h>

#include "base/file.h"
#include "git/walkstate.h"
#include "tests/unit/gitbox.h"

enum { GRAPHS = 600, COMMITS = 40, PARENTS = 3, ASK_GIT = 40 };

/* One history: commit i has parents before it, and an id in the repository. */
struct graph {
	unsigned parent[COMMITS][PARENTS], parents[COMMITS];
	int64_t date[COMMITS];
	uint64_t reach[COMMITS]; /* itself too */
	struct sk_oid id[COMMITS];
};

static struct graph graphs[GRAPHS];

/* The same numbers in each run. */
static uint32_t below(uint32_t limit)
{
	static uint64_t state = 20261121;

	state = state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(state >> 33) % limit;
}

/* Every second history has dates that mean nothing, some only a wrong one. */
static int64_t date_of(unsigned kind, unsigned i)
{
	int64_t date = 1700000000 + 60 * (int64_t)i;

	if (kind == 1 || (kind == 2 && below(8) == 0))
		return below(2) ? below(4000) : 1700000000 + below(4000000);
	return kind == 3 ? 1700000000 : date;
}

static void make_graph(struct graph *g, unsigned number)
{
	unsigned width = 1 + below(6); /* how far back parents are */

	for (unsigned i = 0; i < COMMITS; i++) {
		unsigned most = i == 0 || below(12) == 0 ? 0
				: below(3)		 ? 1
							 : 1 + below(PARENTS);

		g->date[i] = date_of(number % 4, i);
		g->reach[i] = UINT64_C(1) << i;
		for (unsigned p = 0; p < most && p < i; p++) {
			unsigned back = 1 + below(i < width ? i : width);
			unsigned at = i - back;

			g->parent[i][g->parents[i]++] = at;
			g->reach[i] |= g->reach[at];
			for (unsigned q = 0; q + 1 < g->parents[i]; q++) {
				if (g->parent[i][q] == at) {
					g->parents[i]--; /* twice */
					break;
				}
			}
		}
	}
}

/* All of them into one repository, by git. */
static void import(void)
{
	struct sk_str text = SK_STR_INIT, marks;
	struct sk_err err = {0};
	char *at;

	for (unsigned n = 0; n < GRAPHS; n++) {
		const struct graph *g = &graphs[n];

		for (unsigned i = 0; i < COMMITS; i++) {
			sk_str_addf(&text,
				    "%scommit refs/x\nmark :%u\n"
				    "committer A <a@b.c> %lld +0000\n"
				    "data <<E\n%u %u\nE\n",
				    g->parents[i] ? "" : "reset refs/x\n",
				    n * COMMITS + i + 1, (long long)g->date[i],
				    n, i);
			for (unsigned p = 0; p < g->parents[i]; p++)
				sk_str_addf(&text, "%s :%u\n",
					    p ? "merge" : "from",
					    n * COMMITS + g->parent[i][p] + 1);
		}
	}
	if (sk_file_write("in", text.ptr, text.len, 0600, &err) < 0)
		abort();
	run_shell("git init -q r; cd r; git fast-import --force --quiet "
		  "--date-format="
		  "raw-permissive --export-marks=../marks <../in");
	marks = shell("sort -t : -k 2n marks");
	at = marks.ptr;
	for (unsigned n = 0; n < GRAPHS * COMMITS; n++) {
		char *hex = strchr(at, ' ') + 1;

		at = strchr(hex, '\n');
		*at++ = '\0';
		if (sk_oid_parse(&graphs[n / COMMITS].id[n % COMMITS], hex) < 0)
			abort();
	}
	sk_str_free(&marks);
	sk_str_free(&text);
}

struct question {
	struct sk_oid tips[4], hidden[12];
	size_t tip_count, hidden_count;
	uint64_t want, all; /* all that any of them reaches */
};

static void make_question(struct question *q, const struct graph *g)
{
	uint64_t hidden = 0;

	*q = (struct question){.tip_count = 1 + below(4),
			       .hidden_count = below(12)};
	for (size_t i = 0; i < q->tip_count; i++) {
		unsigned at = below(COMMITS);

		q->tips[i] = g->id[at];
		q->want |= g->reach[at];
	}
	for (size_t i = 0; i < q->hidden_count; i++) {
		unsigned at = below(COMMITS);

		q->hidden[i] = g->id[at];
		hidden |= g->reach[at];
	}
	q->all = q->want | hidden;
	q->want &= ~hidden;
}

/* Each commit once and after its parents; returns which there are. */
static uint64_t got(const struct sk_walk *walk, const struct graph *g,
		    uint64_t want, bool *in_order)
{
	uint64_t set = 0;

	*in_order = true;
	for (size_t i = 0; i < walk->count; i++) {
		unsigned at = 0;

		while (!sk_oid_equal(&walk->commits[i]->id, &g->id[at]))
			at++;
		*in_order &= !(set >> at & 1);
		for (unsigned p = 0; p < g->parents[at]; p++) {
			/* a parent that comes at all came before */
			uint64_t parent = UINT64_C(1) << g->parent[at][p];

			*in_order &= !(want & parent) || (set & parent);
		}
		set |= UINT64_C(1) << at;
	}
	return set;
}

/* Whether git counts as many. */
static bool as_git(const struct question *q, size_t count)
{
	struct sk_str script = SK_STR_INIT, said;
	char hex[SK_HEX_LEN + 1];
	bool same;

	sk_str_puts(&script, "git rev-list --count");
	for (size_t i = 0; i < q->tip_count + q->hidden_count; i++) {
		bool tip = i < q->tip_count;

		sk_oid_hex(hex,
			   tip ? &q->tips[i] : &q->hidden[i - q->tip_count]);
		sk_str_addf(&script, " %s%s", tip ? "" : "^", hex);
	}
	said = shell(script.ptr);
	same = strtoull(said.ptr, NULL, 10) == count;
	sk_str_free(&said);
	sk_str_free(&script);
	return same;
}

static void test_graphs(struct sk_repo *repo)
{
	unsigned right = 0, ordered = 0, asked = 0, agreed = 0, fewer = 0;
	struct sk_err err = {0};

	for (unsigned n = 0; n < GRAPHS; n++) {
		struct sk_walk walk = SK_WALK_INIT;
		struct question q;
		bool in_order;

		make_question(&q, &graphs[n]);
		if (sk_walk_commits(&walk, repo, q.tips, q.tip_count, q.hidden,
				    q.hidden_count, &err) < 0)
			printf("# %s\n", err.msg);
		right += got(&walk, &graphs[n], q.want, &in_order) == q.want;
		ordered += in_order;
		fewer += q.want &&
			 (int)walk.all_count < __builtin_popcountll(q.all);
		if (n % 4 == 0 && asked < ASK_GIT) {
			asked++;
			agreed += as_git(&q, walk.count);
		}
		sk_walk_free(&walk);
	}
	ok(right == GRAPHS, "walk: %u of %d histories are exact", right,
	   GRAPHS);
	ok(ordered == GRAPHS, "walk: %u give parents before children", ordered);
	ok(agreed == asked, "walk: git counts alike in %u of %u", agreed,
	   asked);
	ok(fewer > 0, "walk: %u were not read to their end", fewer);
}

/* One commit with a wrong clock on a long history, then amended. */
static void test_wrong_clock(const char *date, const char *name)
{
	struct sk_str script = SK_STR_INIT, ids;
	struct sk_oid wrong, right;
	struct sk_walk walk = SK_WALK_INIT;
	struct sk_repo *repo = NULL;
	struct sk_err err = {0};

	sk_str_addf(&script,
		    "cd long; t=$(git write-tree); p=$(git rev-parse main);"
		    "GIT_COMMITTER_DATE='%s' git commit-tree -m x -p $p $t;"
		    "git commit-tree -m y -p $p $t",
		    date);
	ids = shell(script.ptr);
	ids.ptr[40] = ids.ptr[81] = '\0';
	if (chdir("long") < 0 || sk_oid_parse(&wrong, ids.ptr) < 0 ||
	    sk_oid_parse(&right, ids.ptr + 41) < 0 ||
	    sk_repo_open(&repo, &err) < 0)
		abort();
	ok(sk_walk_commits(&walk, repo, &right, 1, &wrong, 1, &err) == 0 &&
		   walk.count == 1,
	   "walk: %s, amended, is one commit", name);
	sk_walk_free(&walk);
	sk_repo_close(repo);
	sk_str_free(&ids);
	sk_str_free(&script);
	if (chdir("..") < 0)
		abort();
}

/* A thousand other branches are not read for a commit on top of one. */
static void test_cheap(void)
{
	struct sk_str ids = shell("cd long; git rev-list main");
	struct sk_oid hidden[1000], tip;
	struct sk_walk walk = SK_WALK_INIT;
	struct sk_repo *repo = NULL;
	struct sk_err err = {0};

	if (chdir("long") < 0 || sk_repo_open(&repo, &err) < 0)
		abort();
	for (unsigned i = 0; i < SK_COUNTOF(hidden) + 1; i++) {
		ids.ptr[41 * i + 40] = '\0';
		if (sk_oid_parse(i ? &hidden[i - 1] : &tip, ids.ptr + 41 * i))
			abort();
	}
	ok(sk_walk_commits(&walk, repo, &tip, 1, hidden, 1, &err) == 0 &&
		   walk.count == 1 && walk.all_count == 2,
	   "walk: one commit on top of the one that is hidden reads no other");
	sk_walk_free(&walk);
	ok(sk_walk_commits(&walk, repo, &tip, 1, hidden, SK_COUNTOF(hidden),
			   &err) == 0 &&
		   walk.count == 1 && walk.all_count <= 1001,
	   "walk: with all of its history hidden it reads no more");
	sk_walk_free(&walk);
	sk_repo_close(repo);
	sk_str_free(&ids);
	if (chdir("..") < 0)
		abort();
}

static bool older(const struct sk_commit *a, const struct sk_commit *b)
{
	return a->commit_time < b->commit_time;
}

/* Walks are exact with any order, and read more with a wrong one. */
static void test_heap(void)
{
	struct sk_heap heap = {.before = older};
	struct sk_commit commits[50];
	bool in_order = true;

	memset(commits, 0, sizeof(commits));
	for (unsigned n = 0; n < 100; n++) {
		int64_t last = 0;

		for (size_t i = 0; i < SK_COUNTOF(commits); i++) {
			commits[i].commit_time = below(40);
			sk_heap_push(&heap, &commits[i]);
		}
		while (heap.len) {
			int64_t next = sk_heap_pop(&heap)->commit_time;

			in_order &= last <= next;
			last = next;
		}
	}
	ok(in_order, "heap: what goes in at random comes out in order");
	free(heap.items);
}

int main(void)
{
	struct sk_repo *repo = NULL;
	struct sk_err err = {0};

	test_heap();
	gitbox_start();
	for (unsigned n = 0; n < GRAPHS; n++)
		make_graph(&graphs[n], n);
	import();
	if (chdir("r") < 0 || sk_repo_open(&repo, &err) < 0)
		abort();
	test_graphs(repo);
	sk_repo_close(repo);
	if (chdir("..") < 0)
		abort();
	run_shell("git init -q -b main long; cd long;"
		  "awk 'BEGIN { for (i = 0; i < 4000; i++) print "
		  "\"commit refs/heads/main\\ncommitter A <a@b.c> \""
		  " 1600000000 + i \" +0000\\ndata <<E\\nx\\nE\\n\" }' |"
		  "git fast-import --quiet");
	test_wrong_clock("1000000000 +0000", "a clock far behind");
	test_wrong_clock("4000000000 +0000", "a clock far ahead");
	test_cheap();
	gitbox_end();
	return done_testing();
}
