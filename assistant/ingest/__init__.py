"""Adding papers: records from any source become papers, windows and vectors of the library."""

from assistant.ingest.ingester import BATCH, Ingester
from assistant.ingest.intake import Intake
from assistant.ingest.report import IngestReport, Remark

__all__ = ["BATCH", "IngestReport", "Ingester", "Intake", "Remark"]
