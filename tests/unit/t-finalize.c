/* SPDX-License-Identifier: MIT */
/* What finalizing comes to: a plan, or all that is wrong. */
#include "base/str.h"
#include "mission/finalize.h"
#include "mission/lanes.h"
#include "tests/unit/tap.h"

#define SPEC "- **FR-001**: Users log in\n- **FR-002**: Users log out\n"

struct scene {
	struct sk_bytes files[8];
	const char *tasks, *manifest, *spec;
};

static struct sk_bytes bytes_of(const char *text)
{
	return (struct sk_bytes){NULL, text, text ? strlen(text) : 0};
}

static int plan(struct sk_final *out, struct scene *scene,
		struct sk_faults *faults)
{
	struct sk_finalize in = {
		.files = scene->files,
		.tasks = bytes_of(scene->tasks),
		.manifest = bytes_of(scene->manifest),
		.spec = bytes_of(scene->spec),
		.mission_slug = "login-01KNXQS9",
		.mission_id = "01KNXQS9ATWWFXS3K5ZJ9E5008",
		.target_branch = "main",
		.computed_at = "2026-05-25T07:16:00+00:00",
	};

	for (; scene->files[in.len].name; in.len++)
		scene->files[in.len].len = strlen(scene->files[in.len].data);
	return sk_finalize_plan(out, &in, faults);
}

static void test_plan(void)
{
	struct scene scene = {
		.files = {{"README.md", "no work package", 0},
			  {"WP02-b.md",
			   "---\r\nwork_package_id: \"WP02\" # mine\r\n"
			   "title: b\r\nhistory: []\r\n---\r\nsrc/b.c",
			   0},
			  {"WP01-a.md",
			   "---\nwork_package_id: WP01\ndependencies: []\n"
			   "requirement_refs: [FR-002]\n"
			   "planning_base_branch: main\n"
			   "merge_target_branch: main\nbranch_strategy: x\n"
			   "execution_mode: code_change\n"
			   "authoritative_surface: src/a/\n"
			   "owned_files: [src/a/**]\n---\n",
			   0}},
		.tasks = "## WP01\n## WP02\nDepends on WP01.\n"
			 "Requirements: FR-001\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;
	struct sk_lanes lanes;
	struct sk_err err = {0};

	ok(plan(&final, &scene, &faults) == 0 && final.len == 2,
	   "finalize: sound files make a plan");
	for (size_t i = 0; i < faults.len; i++)
		printf("# %s\n", faults.items[i].text);
	is(final.wps[0].text.ptr, scene.files[2].data,
	   "finalize: what says all there is to say stays as it is");
	ok(final.wps[0].changes.len == 0 && final.wps[1].changes.len == 8,
	   "finalize: what changes is named");
	is(final.wps[1].text.ptr,
	   "---\r\nwork_package_id: \"WP02\" # mine\r\ntitle: b\r\n"
	   "dependencies:\r\n- WP01\r\nrequirement_refs:\r\n- FR-001\r\n"
	   "planning_base_branch: \"main\"\r\n"
	   "merge_target_branch: \"main\"\r\n"
	   "branch_strategy: \"Planned on main; what is done goes back into "
	   "main.\"\r\n"
	   "execution_mode: \"code_change\"\r\nowned_files:\r\n- src/b.c\r\n"
	   "authoritative_surface: \"src/\"\r\n"
	   "history: []\r\n---\r\nsrc/b.c",
	   "finalize: what is missing is added, and nothing else changes");
	ok(sk_lanes_read(&lanes, final.lanes.ptr, final.lanes.len, &err) == 0 &&
		   lanes.len == 2 && sk_lanes_find(&lanes, "WP02") &&
		   sk_lanes_find(&lanes, "WP02")->parallel_group == 1,
	   "finalize: lanes are computed");
	sk_lanes_free(&lanes);
	sk_faults_free(&faults);
	/* what was planned needs no other plan */
	for (size_t i = 0; i < 2; i++)
		scene.files[2 - i].data = final.wps[i].text.ptr;
	{
		struct sk_final again;

		ok(plan(&again, &scene, &faults) == 0 &&
			   !again.wps[0].changes.len &&
			   !again.wps[1].changes.len,
		   "finalize: doing it again changes nothing");
		sk_final_free(&again);
	}
	sk_faults_free(&faults);
	sk_final_free(&final);
}

static void test_manifest(void)
{
	struct scene scene = {
		.files = {{"WP01.md",
			   "---\nwork_package_id: WP01\n"
			   "dependencies: [WP02]\n---\n",
			   0},
			  {"WP02.md", "---\nwork_package_id: WP02\n---\n", 0}},
		.tasks = "## WP09\n",
		.manifest = "work_packages:\n"
			    "- {id: WP01, dependencies: [], "
			    "requirement_refs: [FR-001], owned_files: [a]}\n"
			    "- {id: WP02, dependencies: [WP01], "
			    "requirement_refs: [FR-002], owned_files: [b]}\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;

	ok(plan(&final, &scene, &faults) == 0 &&
		   final.wps[0].dependencies.len == 0 &&
		   final.wps[1].dependencies.len == 1 &&
		   strstr(final.wps[0].text.ptr, "dependencies: []\n"),
	   "finalize: the manifest decides, not tasks.md and not the file");
	for (size_t i = 0; i < faults.len; i++)
		printf("# %s\n", faults.items[i].text);
	sk_faults_free(&faults);
	sk_final_free(&final);
}

static void test_silent_manifest(void)
{
	struct scene scene = {
		.files =
			{{"WP01.md",
			  "---\nwork_package_id: WP01\nowned_files: [a]\n---\n",
			  0},
			 {"WP02.md",
			  "---\nwork_package_id: WP02\n"
			  "dependencies: [WP01]\nowned_files: [b]\n---\n",
			  0}},
		.manifest = "work_packages:\n"
			    "- {id: WP01, requirement_refs: [FR-001]}\n"
			    "- {id: WP02, requirement_refs: [FR-002]}\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;

	ok(plan(&final, &scene, &faults) == 0 &&
		   final.wps[1].dependencies.len == 1,
	   "finalize: where the manifest is silent the file decides");
	sk_faults_free(&faults);
	sk_final_free(&final);
	scene.manifest = NULL;
	scene.tasks = "## WP01\nRequirements: FR-001\n"
		      "## WP02\nDependencies: none\n"
		      "Requirements: FR-002\n";
	ok(plan(&final, &scene, &faults) == 0 &&
		   final.wps[1].dependencies.len == 1,
	   "finalize: so it does where tasks.md says that there are none");
	sk_faults_free(&faults);
	sk_final_free(&final);
}

static void test_rigid(void)
{
	struct scene scene = {
		.files = {{"WP01.md",
			   "---\n{work_package_id: WP01, owned_files: [a]}\n"
			   "---\n",
			   0}},
		.tasks = "## WP01\nRequirements: FR-001, FR-002\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;

	ok(plan(&final, &scene, &faults) == 1 && faults.len &&
		   strstr(faults.items[0].text, "'WP01.md': cannot set"),
	   "finalize: a file that cannot be changed is a fault");
	sk_faults_free(&faults);
	sk_final_free(&final);
}

#define WP(id, more)                                                           \
	{                                                                      \
		id ".md", "---\nwork_package_id: " id "\n" more "---\n", 0     \
	}

static void test_faults(void)
{
	static const char *const codes[] = {
		SK_FAULT_FILE,
		SK_FAULT_MISSING_SECTION,
		SK_FAULT_EXTRA_SECTION,
		SK_FAULT_CONFLICT,
		SK_FAULT_NO_REFS,
		SK_FAULT_UNKNOWN_REF,
		SK_FAULT_UNMAPPED,
		SK_FAULT_OWNERSHIP,
		SK_FAULT_OWNS_KITTY_SPECS,
		"cycles",
		"self_dependency",
		"unknown_dependency",
	};
	struct scene scene = {
		.files = {WP("WP01", "dependencies: [WP02]\n"
				     "owned_files: [src/a]\n"
				     "authoritative_surface: lib/\n"),
			  WP("WP02", "dependencies: [WP01, WP02, WP77]\n"
				     "requirement_refs: [FR-009]\n"
				     "owned_files: [src/a/b]\n"),
			  WP("WP03", "dependencies: [WP01]\n"
				     "requirement_refs: [FR-001]\n"
				     "owned_files: [kitty-specs/**, /etc]\n"),
			  {"WP04-x.md", "---\nwork_package_id: WP05\n---\n", 0},
			  {"WP04-y.md", "no front matter", 0}},
		.tasks = "## WP01\n## WP03\nDepends on WP02\n## WP08\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;

	ok(plan(&final, &scene, &faults) == 1, "faults: there is no plan");
	for (size_t i = 0; i < SK_COUNTOF(codes); i++)
		ok(sk_faults_count(&faults, codes[i]) > 0,
		   "faults: %s is told with all others", codes[i]);
	for (size_t i = 0; i < final.len; i++)
		ok(final.wps[i].changes.len == 0, "faults: %s is not changed",
		   final.wps[i].file_name);
	sk_faults_free(&faults);
	sk_final_free(&final);
	scene = (struct scene){
		.files = {WP("WP01", "requirement_refs: [FR-001, FR-002]\n"
				     "owned_files: [src/a]\n")},
		.tasks = "## WP01\nDepends on WP03-WP02\n",
		.spec = SPEC,
	};
	ok(plan(&final, &scene, &faults) == 1 && faults.len == 2 &&
		   strcmp(faults.items[1].text,
			  "'WP01' depends on 'WP03-WP02', which is not "
			  "there") == 0,
	   "faults: a range that is none is named");
	sk_faults_free(&faults);
	sk_final_free(&final);
	scene = (struct scene){.files = {{NULL, NULL, 0}}};
	ok(plan(&final, &scene, &faults) == 1 &&
		   sk_faults_count(&faults, SK_FAULT_FILE) == 3,
	   "faults: nothing at all is three of them");
	sk_faults_free(&faults);
	sk_final_free(&final);
}

static void test_sharing(void)
{
	struct scene scene = {
		.files = {WP("WP01", "requirement_refs: [FR-001, FR-002]\n"
				     "owned_files: [src/**]\n"
				     "scope: codebase-wide\n"),
			  WP("WP02", "requirement_refs: [FR-001]\n"
				     "owned_files: [src/a]\n"),
			  WP("WP03", "requirement_refs: [FR-001]\n"
				     "execution_mode: planning_artifact\n"
				     "owned_files: [docs/a]\n"),
			  WP("WP04", "requirement_refs: [FR-001]\n"
				     "execution_mode: planning_artifact\n"
				     "owned_files: [docs/**]\n")},
		.tasks = "## WP01\n## WP02\n## WP03\n## WP04\n",
		.spec = SPEC,
	};
	struct sk_faults faults = SK_FAULTS_INIT;
	struct sk_final final;

	ok(plan(&final, &scene, &faults) == 0,
	   "sharing: the whole code base and planning may");
	for (size_t i = 0; i < faults.len; i++)
		printf("# %s\n", faults.items[i].text);
	ok(strstr(final.lanes.ptr, "write_scope_overlap"),
	   "sharing: who shares is in one lane");
	sk_faults_free(&faults);
	sk_final_free(&final);
	scene.files[0].data = "---\nwork_package_id: WP01\n"
			      "requirement_refs: [FR-001, FR-002]\n"
			      "owned_files: [src/**]\n---\n";
	ok(plan(&final, &scene, &faults) == 1 && faults.len == 1 &&
		   strcmp(faults.items[0].text,
			  "'WP01' and 'WP02' own the same files: 'src/**' and "
			  "'src/a'") == 0,
	   "sharing: a part of it may not");
	sk_faults_free(&faults);
	sk_final_free(&final);
}

int main(void)
{
	test_plan();
	test_manifest();
	test_silent_manifest();
	test_rigid();
	test_faults();
	test_sharing();
	return done_testing();
}
