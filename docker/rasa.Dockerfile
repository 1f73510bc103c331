# syntax=docker/dockerfile:1.10
# Rasa alone, on its own Python, with the model trained into the image: nothing is fetched or written when it runs.
FROM python:3.10-slim AS libraries
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY nlu/requirements.lock /
RUN python -m venv /libraries && /libraries/bin/pip install --require-hashes --no-deps -r /requirements.lock

FROM python:3.10-slim
ENV PATH=/libraries/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    RASA_TELEMETRY_ENABLED=false TF_CPP_MIN_LOG_LEVEL=3 CUDA_VISIBLE_DEVICES=-1 \
    HOME=/tmp MPLCONFIGDIR=/tmp/matplotlib
RUN useradd --uid 10002 --no-create-home --shell /usr/sbin/nologin rasa
WORKDIR /srv
COPY --from=libraries /libraries /libraries
COPY config.yml domain.yml endpoints.yml credentials.yml ./
COPY nlu/__init__.py nlu/fingerprint.py nlu/serve.py nlu/signature.py nlu/
COPY nlu/components nlu/components
COPY nlu/domain nlu/domain
COPY nlu/heldout nlu/heldout
COPY nlu/training nlu/training
RUN --mount=type=secret,id=model_key,env=RASA_MODEL_KEY \
    python -m rasa train --skip-validation --out /model --fixed-model-name model \
 && python nlu/signature.py sign /model/model.tar.gz && rm -rf .rasa /tmp/* && chmod -R a+rX /model
USER rasa
# the signature is asked for before the model is loaded
CMD ["python", "nlu/serve.py", "/model/model.tar.gz", "--interface", "0.0.0.0", "--port", "8450", \
     "--credentials", "credentials.yml", "--endpoints", "endpoints.yml"]
