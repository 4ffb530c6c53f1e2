/* SPDX-License-Identifier: MIT */
#include "format/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

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
		      const char *path, struct sk_err *err)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	const char *want = NULL;

	if (s->depth == SK_YAML_MAX_DEPTH)
		return refuse(err, "nesting too deep", event->start_mark.line);
	if (s->depth == 0)
		want = path;
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

static int take(struct search *s, const yaml_event_t *event, const char *path,
		struct sk_err *err)
{
	size_t line = event->start_mark.line;

	if (is_tagged(event))
		return refuse(err, "a tag", line);
	switch (event->type) {
	case YAML_ALIAS_EVENT:
		return refuse(err, "an alias", line);
	case YAML_DOCUMENT_START_EVENT:
		if (s->documents++)
			return refuse(err, "a second document", line);
		return 0;
	case YAML_SCALAR_EVENT:
		return take_scalar(s, event, err);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return open_level(s, event, path, err);
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

int sk_yaml_get(struct sk_str *out, const char *data, size_t len,
		const char *path, struct sk_err *err)
{
	struct search s = {.out = out};
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
	/* on to the end even when found: what follows must be sound as well */
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
		ret = take(&s, &event, path, err);
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	return ret < 0 ? -1 : !s.found;
}
