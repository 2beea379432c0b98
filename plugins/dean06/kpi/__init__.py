"""KPI: from the families of ``include/sql/mart/kpi`` to publications in mart.

In: core, verdicts, published loads of the ledger. Steps: ``front_matter`` (one file) →
``family`` (all definitions) → ``build`` (values) → ``audit`` (rules on values) → ``disclosure``
(small counts) → ``publication`` (append-only). Out: ``mart.kpi_value`` with the causes of every
revision. Never imports ``load``: both meet in the ledger, in SQL.
"""
