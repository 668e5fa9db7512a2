"""A folder served by nginx: what a store that can only be read looks like."""

import room as rooms

# Runs as whoever starts it; `user` only means something to root.
CONFIGURATION = """\
daemon off;
{user}
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{}}
http {{
  access_log off;
  default_type application/octet-stream;
  sendfile on;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port};
    root {folder}/served;
  }}
}}
"""


def start(room):
    rooms.require("nginx")
    port, served = rooms.free_port(), room.make_folder("served", "prefix")
    user = f"user {rooms.user()};" if rooms.is_root() else ""
    configuration = room.write("nginx.conf", CONFIGURATION.format(
        user=user, folder=room.folder, port=port))
    room.spawn("nginx", "nginx", "-e", "stderr", "-p", room.folder, "-c", configuration)
    room.wait_for_http(f"http://127.0.0.1:{port}/")
    return {"ALGOCTL_TEST_STORE": f"http://127.0.0.1:{port}/prefix", "ALGOCTL_TEST_FOLDER": served}
