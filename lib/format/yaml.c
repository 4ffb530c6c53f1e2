/* SPDX-License-Identifier: MIT */
#include "format/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/mem.h"

/* A mapping or sequence that is still open. */
struct level {
	bool mapping;
	bool at_value;	  /* of a mapping: its key has been read */
	bool seen;	  /* the wanted key stood here */
	const char *want; /* what of the path belongs here; NULL: nothing */
	const char *next; /* ... and to the value of the present key */
};

struct search {
	struct sk_str *out;
	const char *path;
	bool found;
	unsigned depth;
	unsigned documents;
	struct level levels[SK_YAML_MAX_DEPTH];
};

static int refuse(struct sk_err *err, const char *problem, size_t line)
{
	return sk_fail(err, SK_EDATA, "not readable YAML: %s in line %zu",
		       problem, line + 1);
}

/* What of `want` is left behind this key; NULL when it is another one. */
static const char *rest_of(const char *want, const char *key, size_t len)
{
	if (strncmp(want, key, len) != 0 || memchr(key, '.', len) ||
	    memchr(key, '\0', len))
		return NULL;
	if (want[len] == '.')
		return want + len + 1;
	return want[len] ? NULL : want + len;
}

/* The innermost mapping has read one more key (NULL: no scalar) or value. */
static void advance(struct search *s, const char *key, size_t len)
{
	struct level *level = s->depth ? &s->levels[s->depth - 1] : NULL;

	if (!level || !level->mapping)
		return;
	level->at_value = !level->at_value;
	if (!level->at_value)
		return;
	level->next = key && level->want && !level->seen
			      ? rest_of(level->want, key, len)
			      : NULL;
	level->seen = level->seen || level->next;
}

static int take_scalar(struct search *s, const yaml_event_t *event,
		       struct sk_err *err)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t len = event->data.scalar.length;
	struct level *level = s->depth ? &s->levels[s->depth - 1] : NULL;

	if (level && level->at_value && level->next && !*level->next) {
		if (memchr(text, '\0', len))
			return refuse(err, "NUL in a value",
				      event->start_mark.line);
		sk_str_clear(s->out);
		sk_str_add(s->out, text, len);
		s->found = true;
	}
	advance(s, text, len);
	return 0;
}

static int open_level(struct search *s, const yaml_event_t *event,
		      struct sk_err *err)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	const char *want = NULL;

	if (s->depth == SK_YAML_MAX_DEPTH)
		return refuse(err, "nesting too deep", event->start_mark.line);
	if (s->depth == 0)
		want = s->path;
	else if (s->levels[s->depth - 1].at_value)
		want = s->levels[s->depth - 1].next;
	s->levels[s->depth++] = (struct level){
		.mapping = mapping,
		.want = mapping && want && *want ? want : NULL,
	};
	return 0;
}

static bool is_tagged(const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return event->data.scalar.tag;
	case YAML_MAPPING_START_EVENT:
		return event->data.mapping_start.tag;
	case YAML_SEQUENCE_START_EVENT:
		return event->data.sequence_start.tag;
	default:
		return false;
	}
}

/* What no document may hold: tags, aliases, and a second document. */
static int refuse_event(const yaml_event_t *event, unsigned *documents,
			struct sk_err *err)
{
	size_t line = event->start_mark.line;

	if (is_tagged(event))
		return refuse(err, "a tag", line);
	if (event->type == YAML_ALIAS_EVENT)
		return refuse(err, "an alias", line);
	if (event->type == YAML_DOCUMENT_START_EVENT && (*documents)++)
		return refuse(err, "a second document", line);
	return 0;
}

static int take(void *ctx, const yaml_event_t *event, struct sk_err *err)
{
	struct search *s = ctx;

	if (refuse_event(event, &s->documents, err) < 0)
		return -1;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(s, event, err);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return open_level(s, event, err);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		s->depth--;
		advance(s, NULL, 0);
		return 0;
	default:
		return 0;
	}
}

/* The line of a syntax error; of bad bytes the parser knows the offset only. */
static size_t line_of(const yaml_parser_t *parser, const char *data, size_t len)
{
	size_t line = 0;

	if (parser->error != YAML_READER_ERROR)
		return parser->problem_mark.line;
	if (len > parser->problem_offset)
		len = parser->problem_offset;
	for (size_t i = 0; i < len; i++)
		line += data[i] == '\n';
	return line;
}

typedef int event_fn(void *ctx, const yaml_event_t *event, struct sk_err *err);

/* Visit all events of one document. Returns 0 or -1. */
static int each_event(const char *data, size_t len, event_fn *each, void *ctx,
		      struct sk_err *err)
{
	yaml_parser_t parser;
	bool end = false;
	int ret = 0;

	if (len > SK_YAML_MAX_BYTES)
		return sk_fail(err, SK_EDATA,
			       "not readable YAML: more than %d bytes",
			       SK_YAML_MAX_BYTES);
	if (!yaml_parser_initialize(&parser))
		abort();
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&parser, (const unsigned char *)(len ? data : ""), len);
	while (!end && ret == 0) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			if (parser.error == YAML_MEMORY_ERROR)
				abort();
			ret = refuse(err, parser.problem,
				     line_of(&parser, data, len));
			break;
		}
		end = event.type == YAML_STREAM_END_EVENT;
		ret = each(ctx, &event, err);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ret;
}

int sk_yaml_get(struct sk_str *out, const char *data, size_t len,
		const char *path, struct sk_err *err)
{
	struct search s = {.out = out, .path = path};

	/* on to the end even when found: what follows must be sound as well */
	if (each_event(data, len, take, &s, err) < 0) {
		sk_str_clear(out);
		return -1;
	}
	return !s.found;
}

/* What is being built, and the mappings and sequences still open. */
struct builder {
	struct sk_form *root;
	unsigned depth;
	unsigned documents;
	struct branch {
		struct sk_form *form;
		char *key;    /* of a mapping: read, its value is next */
		bool is_twin; /* of a key that stood here before: dropped */
	} branches[SK_YAML_MAX_DEPTH];
};

/* Put a value where it belongs. Returns whether it was dropped as a twin. */
static bool put(struct builder *b, struct sk_form *value)
{
	struct branch *in = b->depth ? &b->branches[b->depth - 1] : NULL;
	bool is_twin = false;

	if (!in)
		b->root = value;
	else if (!in->key)
		sk_form_append(in->form, value);
	else if (sk_form_get(in->form, in->key))
		is_twin = true;
	else
		sk_form_set(in->form, in->key, value);
	if (in) {
		free(in->key);
		in->key = NULL;
	}
	return is_twin;
}

/* Whether a key of a mapping comes next. */
static bool wants_key(const struct builder *b)
{
	const struct branch *in = b->depth ? &b->branches[b->depth - 1] : NULL;

	return in && sk_form_is_object(in->form) && !in->key;
}

static bool says_nothing(const yaml_event_t *event)
{
	static const char *const words[] = {"", "~", "null", "Null", "NULL"};

	for (size_t i = 0; i < SK_COUNTOF(words); i++) {
		if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
		    strcmp((const char *)event->data.scalar.value, words[i]) ==
			    0)
			return true;
	}
	return false;
}

static int build_scalar(struct builder *b, const yaml_event_t *event,
			struct sk_err *err)
{
	const char *text = (const char *)event->data.scalar.value;
	struct sk_form *value;

	if (memchr(text, '\0', event->data.scalar.length))
		return refuse(err, "NUL in a text", event->start_mark.line);
	if (wants_key(b)) {
		b->branches[b->depth - 1].key = sk_strdup(text);
		return 0;
	}
	value = sk_form_text(says_nothing(event) ? NULL : text);
	if (put(b, value))
		sk_form_free(value);
	return 0;
}

static int build_branch(struct builder *b, const yaml_event_t *event,
			struct sk_err *err)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	struct sk_form *form;
	bool is_twin;

	if (b->depth == SK_YAML_MAX_DEPTH)
		return refuse(err, "nesting too deep", event->start_mark.line);
	if (wants_key(b))
		return refuse(err, "a key that is no text",
			      event->start_mark.line);
	form = mapping ? sk_form_object() : sk_form_array();
	is_twin = put(b, form);
	b->branches[b->depth++] = (struct branch){form, NULL, is_twin};
	return 0;
}

static void leave_branch(struct builder *b)
{
	struct branch *branch = &b->branches[--b->depth];

	free(branch->key);
	if (branch->is_twin)
		sk_form_free(branch->form);
}

static int build(void *ctx, const yaml_event_t *event, struct sk_err *err)
{
	struct builder *b = ctx;

	if (refuse_event(event, &b->documents, err) < 0)
		return -1;
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return build_scalar(b, event, err);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return build_branch(b, event, err);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		leave_branch(b);
		return 0;
	default:
		return 0;
	}
}

int sk_yaml_read(struct sk_form **out, const char *data, size_t len,
		 struct sk_err *err)
{
	struct builder b = {0};
	int ret = each_event(data, len, build, &b, err);

	while (b.depth)
		leave_branch(&b);
	if (ret < 0) {
		sk_form_free(b.root);
		return -1;
	}
	*out = b.root ? b.root : sk_form_text(NULL);
	return 0;
}
