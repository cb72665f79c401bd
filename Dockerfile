# The command line of selfheal, with what it deploys: docker run --rm -v "$PWD:/work" -v ~/.aws:/home/node/.aws:ro selfheal bots
FROM node:22-bookworm-slim

ENV NODE_ENV=production NPM_CONFIG_UPDATE_NOTIFIER=false
WORKDIR /opt/selfheal
# Made by npm pack: the image holds what npm publishes, and nothing else.
COPY selfheal-*.tgz /tmp/selfheal.tgz
RUN npm install --prefix /opt/selfheal --omit=dev --no-audit --no-fund /tmp/selfheal.tgz \
  && rm -rf /tmp/selfheal.tgz /root/.npm \
  && ln -s /opt/selfheal/node_modules/.bin/selfheal /usr/local/bin/selfheal \
  # What is compiled at the first call is kept.
  && selfheal --help > /dev/null \
  # Serverless and esbuild write beside serverless.yml.
  && chown -R node:node /opt/selfheal/node_modules/selfheal

# node, of the base image.
USER 1000:1000
WORKDIR /work
ENTRYPOINT ["selfheal"]
CMD ["--help"]
