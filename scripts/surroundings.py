"""The caller's environment, cleared of what would send an installation elsewhere.

What says where packages come from (a mirror, a proxy, a certificate) belongs to the machine and stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ASTRAY = {
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "CONDA_DEFAULT_ENV",
    "PYTHONPATH",
    "PYTHONHOME",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "PYENV_VERSION",
    "PYENV_DIR",
    "PYENV_VIRTUAL_ENV",
    "PIP_TARGET",
    "PIP_PREFIX",
    "PIP_ROOT",
    "PIP_USER",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_REQUIREMENT",
    "PIP_CONSTRAINT",
    "PIP_EDITABLE",
    "PIP_NO_DEPS",
    "PIP_PYTHON",
    "PIP_DRY_RUN",
    "UV_PYTHON",
    "UV_SYSTEM_PYTHON",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PROJECT",
    "UV_TARGET",
    "UV_CONSTRAINT",
    "UV_OVERRIDE",
    "UV_EXCLUDE_NEWER",
    "UV_NO_BINARY",
    "UV_NO_BUILD",
    "UV_OFFLINE",
    "__PYVENV_LAUNCHER__",
}

SYSTEM_CERTIFICATES = (
    Path("/etc/ssl/certs/ca-certificates.crt"),  # Debian
    Path("/etc/pki/tls/certs/ca-bundle.crt"),  # Fedora
    Path("/etc/ssl/cert.pem"),  # Alpine, macOS
)


def cleared(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without what would lead an installation astray."""
    kept = {name: value for name, value in environ.items() if name not in ASTRAY}
    kept.setdefault("UV_HTTP_TIMEOUT", "300")
    kept["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    kept["PYTHONUNBUFFERED"] = "1"
    bundle = next((path for path in SYSTEM_CERTIFICATES if path.exists()), None)
    if bundle and "SSL_CERT_DIR" not in kept:
        # uv brings certificates of its own, which do not know what an office has added to the machine's
        kept.setdefault("SSL_CERT_FILE", str(bundle))
    return kept
