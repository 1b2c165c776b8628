# One image for every process of LCPS: web, live stream, workers and beat.

FROM node:24-slim AS browser-files
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements requirements
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements/base.txt
RUN python -m venv /tools && /tools/bin/pip install --require-hashes -r requirements/build.txt
COPY . .
COPY --from=browser-files /app/node_modules node_modules
RUN /tools/bin/python -m devtools.catalogues compile
# Any environment but the tests' collects the same files; this one needs no secrets.
RUN LCPS_ENV=demo /venv/bin/python manage.py collectstatic --noinput \
    # Collected: from here on the settings need the folders only.
    && find node_modules -type f -delete \
    && rm -rf devtools requirements package.json package-lock.json .npmrc \
    && /venv/bin/python -m compileall -q .

FROM python:3.12-slim
LABEL org.opencontainers.image.title="LCPS" org.opencontainers.image.licenses="EUPL-1.2"
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin lcps
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=lcps.settings
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "docker/healthy.py"]
CMD ["docker/serve"]
