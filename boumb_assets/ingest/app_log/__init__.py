"""An app's own log as a data set: what its users asked for, liked and agreed to give."""

from boumb_assets.ingest.app_log.erasures import erase_request, erased_requests
from boumb_assets.ingest.app_log.writing import app_log_fingerprint, write_app_log

__all__ = ["app_log_fingerprint", "erase_request", "erased_requests", "write_app_log"]
