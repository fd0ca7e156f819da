"""FAQ retrieval measured: beside baselines (``python -m bench.faq``) and at scale
(``python -m bench.faq.scale``)."""
