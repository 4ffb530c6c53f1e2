/* SPDX-License-Identifier: MIT */
#include "git/packs.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "git/alternates.h"

enum {
	FANOUT = 256,
	HEADER = 8, /* of an index: magic and version */
};

/* An index of version 2 (gitformat-pack(5)): fanout, then the ids, sorted. */
struct index {
	const unsigned char *map;
	size_t len;
};

struct sk_packs {
	struct index *list;
	size_t count, cap;
	char **dirs; /* of objects */
	size_t dir_count, dir_cap;
	size_t oid_len;
	bool has_unknown; /* there is an index of another kind */
};

static uint32_t be32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
	       (uint32_t)at[2] << 8 | at[3];
}

/* How many ids have a first byte up to this one. */
static size_t fanout(const struct index *index, unsigned byte)
{
	return be32(index->map + HEADER + 4 * (size_t)byte);
}

static bool is_sound(const struct index *index, size_t oid_len)
{
	static const unsigned char magic[HEADER] = {0xff, 't', 'O', 'c',
						    0,	  0,   0,   2};
	size_t ids = HEADER + 4 * FANOUT;

	if (index->len < ids || memcmp(index->map, magic, HEADER) != 0)
		return false;
	for (unsigned i = 1; i < FANOUT; i++) {
		if (fanout(index, i) < fanout(index, i - 1))
			return false;
	}
	return (index->len - ids) / oid_len >= fanout(index, FANOUT - 1);
}

static void add_index(struct sk_packs *packs, const char *path)
{
	struct index index = {NULL, 0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *map = MAP_FAILED;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
		map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd,
			   0);
	if (fd >= 0)
		close(fd);
	if (map == MAP_FAILED)
		return;
	index.map = map;
	index.len = (size_t)st.st_size;
	if (!is_sound(&index, packs->oid_len)) {
		packs->has_unknown = true;
		munmap(map, index.len);
		return;
	}
	SK_GROW(packs->list, packs->count, packs->cap);
	packs->list[packs->count++] = index;
}

static void add_indexes(struct sk_packs *packs, const char *objects)
{
	struct sk_str path = SK_STR_INIT;
	const struct dirent *entry;
	size_t len;
	DIR *dir;

	sk_str_addf(&path, "%s/pack", objects);
	dir = opendir(path.ptr);
	while (dir && (entry = readdir(dir))) {
		len = strlen(entry->d_name);
		if (len < 4 || strcmp(entry->d_name + len - 4, ".idx") != 0)
			continue;
		sk_str_clear(&path);
		sk_str_addf(&path, "%s/pack/%s", objects, entry->d_name);
		add_index(packs, path.ptr);
	}
	if (dir)
		closedir(dir);
	sk_str_free(&path);
}

static int add_dir(void *ctx, const char *objects)
{
	struct sk_packs *packs = ctx;

	SK_GROW(packs->dirs, packs->dir_count, packs->dir_cap);
	packs->dirs[packs->dir_count++] = sk_strdup(objects);
	add_indexes(packs, objects);
	return 0;
}

struct sk_packs *sk_packs_open(const struct sk_layout *layout)
{
	struct sk_packs *packs = sk_calloc(1, sizeof(*packs));

	packs->oid_len =
		layout->is_sha256 ? SK_SHA256_OID_LEN : SK_SHA1_OID_LEN;
	sk_objects_each(layout, add_dir, packs);
	return packs;
}

void sk_packs_close(struct sk_packs *packs)
{
	if (!packs)
		return;
	for (size_t i = 0; i < packs->count; i++)
		munmap((void *)(uintptr_t)packs->list[i].map,
		       packs->list[i].len);
	for (size_t i = 0; i < packs->dir_count; i++)
		free(packs->dirs[i]);
	free(packs->list);
	free(packs->dirs);
	free(packs);
}

static bool is_in(const struct index *index, const struct sk_oid *oid)
{
	unsigned first = oid->id[0];
	size_t low = first ? fanout(index, first - 1) : 0;
	size_t high = fanout(index, first);
	const unsigned char *ids = index->map + HEADER + 4 * FANOUT;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = memcmp(oid->id, ids + middle * oid->len, oid->len);

		if (order == 0)
			return true;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

static bool is_loose(const char *objects, const struct sk_oid *oid)
{
	struct sk_str path = SK_STR_INIT;
	char hex[SK_HEX_LEN + 1];
	bool is;

	sk_oid_hex(hex, oid);
	sk_str_addf(&path, "%s/%.2s/%s", objects, hex, hex + 2);
	is = access(path.ptr, F_OK) == 0;
	sk_str_free(&path);
	return is;
}

bool sk_packs_may_have(const struct sk_packs *packs, const struct sk_oid *oid)
{
	if (packs->has_unknown || oid->len != packs->oid_len)
		return packs->has_unknown;
	for (size_t i = 0; i < packs->count; i++) {
		if (is_in(&packs->list[i], oid))
			return true;
	}
	for (size_t i = 0; i < packs->dir_count; i++) {
		if (is_loose(packs->dirs[i], oid))
			return true;
	}
	return false;
}
