"""A read API for programs: published values of KPIs, their revisions and their proofs.

``application`` puts it together; ``ui`` mounts it beside the pages. It reads ``mart`` as role
``dean06_bi`` and nothing else, so it can show nothing that readers of ``mart`` may not see. Signed
files come from their folder (``proof.folder``). Tokens are looked up as role ``dean06_ui``.
"""
