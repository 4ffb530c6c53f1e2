# What the tests of tests/tool/mergetree share. Loaded behind helper.

TOOL=$BUILD/tests/tool/mergetree
