# Everything but Rasa: bot, desk, actions, the migrations and, in a rehearsal, the simulator. One image, many commands.
FROM python:3.12-slim AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock /
RUN python -m venv /libraries && /libraries/bin/pip install --require-hashes --no-deps -r /requirements.lock

FROM python:3.12-slim
ENV PATH=/libraries/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin helpdesk \
 && mkdir /state && chown helpdesk /state
WORKDIR /srv
COPY --from=libraries /libraries /libraries
COPY actions actions
COPY bot bot
COPY checks checks
COPY desk desk
COPY helpdesk helpdesk
COPY knowledge_base knowledge_base
COPY records records
COPY registry registry
COPY simulator simulator
COPY trends trends
ENV HELPDESK_VAR=/state
USER helpdesk
CMD ["python", "-m", "bot"]
