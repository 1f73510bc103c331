"""Fills the programme's tables from a folder of CSV files and workbooks (docs/programme-csv.md)."""

from registry.importing.folder import CannotImport, Progress, import_folder
from registry.importing.report import FileReport, ImportReport, Problem

__all__ = ["CannotImport", "FileReport", "ImportReport", "Problem", "Progress", "import_folder"]
