"""Each CI as far as a release sees it: its documented variables, its shell, and its way to pass a
value on. The steps are taken out of the files of examples/ci as they are."""

import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ci"


@dataclass
class Job:
    """One attempt of one release job."""

    run: str = "4711"
    attempt: int = 1
    ref: str = "main"
    actor: str = "ada"
    models: str = "model=model.pkl"
    test: str = "./check.sh"
    notes: str = ""
    options: str = ""
    key: str = ""
    environment: dict = field(default_factory=dict)

    def variables(self):
        return {
            "RELEASE_MODELS": self.models,
            "RELEASE_TEST": self.test,
            "RELEASE_NOTES": self.notes,
            "RELEASE_OPTIONS": self.options,
            "RELEASE_KEY": self.key,
        }


@dataclass
class Outcome:
    exit: int
    version: str | None  # what later steps see
    err: str


class Ci:
    """What the three have in common. A checkout is shallow and, as most are, of no branch."""

    file: str

    def __init__(self, world):
        self.world = world
        self.text = (EXAMPLES / self.file).read_text()
        self.folder = world.root / "checkout"

    def check_out(self, branch="main"):
        git = self.world.git
        git("clone", "-q", "--depth=1", "--branch", branch, self.world.remote, str(self.folder))
        git("checkout", "-q", "--detach", cwd=self.folder)
        git("branch", "-q", "-D", branch, cwd=self.folder)

    def train(self, text, name="model.pkl"):
        (self.folder / name).write_text(text)

    def start(self, shell, environment):
        return subprocess.run(
            shell,
            cwd=self.folder,
            env=self.world.environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def script_file(self):
        path = self.world.root / "runner" / "step.sh"
        path.write_text(self.script())
        path.chmod(0o755)
        return str(path)


class GitHub(Ci):
    file = "action.yml"

    def __init__(self, world):
        super().__init__(world)
        self.action = yaml.safe_load(self.text)
        (self.step,) = self.action["runs"]["steps"]

    def script(self):
        return self.step["run"]

    def ref(self, job):
        return f"refs/heads/{job.ref}"

    def run_url(self, job):
        return f"https://github.com/acme/sentiment-model/actions/runs/{job.run}"

    def release(self, job):
        output, summary = (self.world.root / "runner" / name for name in ("output", "summary"))
        for path in (output, summary):
            path.write_text("")
        given = {name: value.get("default") for name, value in self.action["inputs"].items()}
        asked = ("models", "test", "notes", "options", "key")
        given |= {name: getattr(job, name) for name in asked}
        step = {name: given[re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value)[1]]
                for name, value in self.step["env"].items()}
        result = self.start(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", self.script_file()],
            {
                "CI": "true",
                "GITHUB_ACTIONS": "true",
                "GITHUB_SERVER_URL": "https://github.com",
                "GITHUB_REPOSITORY": "acme/sentiment-model",
                "GITHUB_RUN_ID": job.run,
                "GITHUB_RUN_ATTEMPT": str(job.attempt),
                "GITHUB_JOB": "release",
                "GITHUB_REF": self.ref(job),
                "GITHUB_REF_NAME": job.ref,
                "GITHUB_SHA": self.world.commit,
                # Who asks for another attempt is the triggering actor alone.
                "GITHUB_ACTOR": "ada",
                "GITHUB_TRIGGERING_ACTOR": job.actor,
                "GITHUB_WORKSPACE": str(self.folder),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
            }
            | step
            | job.environment,
        )
        values = dict(line.split("=", 1) for line in output.read_text().splitlines())
        wanted = self.action["outputs"]["version"]["value"]
        name = re.fullmatch(rf"\$\{{\{{ steps\.{self.step['id']}\.outputs\.(\w+) \}}\}}", wanted)[1]
        return Outcome(result.returncode, values.get(name), result.stderr)


class GitLab(Ci):
    file = "release.gitlab-ci.yml"
    shell = ["bash", "-eo", "pipefail"]

    def __init__(self, world):
        super().__init__(world)
        self.job = yaml.safe_load(self.text)[".algoctl-release"]

    def script(self):
        return "\n".join(self.job["script"])

    def ref(self, job):
        return job.ref

    def run_url(self, job):
        return f"https://gitlab.example/acme/sentiment-model/-/pipelines/{job.run}"

    def release(self, job):
        report = self.folder / self.job["artifacts"]["reports"]["dotenv"]
        result = self.start(
            [*self.shell, self.script_file()],
            {
                "CI": "true",
                "GITLAB_CI": "true",
                "CI_PIPELINE_ID": job.run,
                "CI_PIPELINE_URL": self.run_url(job),
                "CI_JOB_ID": f"{job.run}{job.attempt}",
                "CI_JOB_URL": f"https://gitlab.example/acme/-/jobs/{job.run}{job.attempt}",
                "CI_JOB_NAME": "release",
                "CI_COMMIT_SHA": self.world.commit,
                "CI_COMMIT_REF_NAME": job.ref,
                "CI_PROJECT_DIR": str(self.folder),
                # Who retries a job is its user.
                "GITLAB_USER_LOGIN": job.actor,
            }
            | self.job["variables"]
            | job.variables()
            | job.environment,
        )
        # Reports are collected whether the job fails or not.
        lines = report.read_text().splitlines() if report.exists() else []
        values = dict(line.split("=", 1) for line in lines)
        return Outcome(result.returncode, values.get("ALGOCTL_VERSION"), result.stderr)


class GitLabInSh(GitLab):
    shell = ["sh", "-e"]


class Jenkins(Ci):
    file = "Jenkinsfile"
    step = re.compile(
        r"env\.ALGOCTL_VERSION = sh\(label: 'release', returnStdout: true, "
        r"script: '''(.*?)'''\)\.trim\(\)",
        re.DOTALL,
    )

    def script(self):
        return self.step.search(self.text)[1]

    def ref(self, job):
        return job.ref

    def run_url(self, job):
        return f"https://jenkins.example/job/sentiment/{job.run}/"

    def release(self, job):
        variables = {
            "CI": "true",
            "JENKINS_URL": "https://jenkins.example/",
            "JOB_NAME": "sentiment",
            "BUILD_ID": job.run,
            "BUILD_NUMBER": job.run,
            "BUILD_TAG": f"jenkins-sentiment-{job.run}",
            "BUILD_URL": self.run_url(job),
            "BRANCH_NAME": job.ref,
            "GIT_BRANCH": job.ref,
            "GIT_COMMIT": self.world.commit,
            "WORKSPACE": str(self.folder),
            "RELEASE_CAUSE": "Started by timer",
            # A build is repeated by `retry` alone, and that asks nobody.
            "BUILD_USER_ID": "ada",
        }
        variables |= job.variables() | job.environment
        # In Jenkins an empty variable is none.
        variables = {name: value or None for name, value in variables.items()}
        result = self.start([self.script_file()], variables)
        version = result.stdout.strip() if result.returncode == 0 else None
        return Outcome(result.returncode, version, result.stderr)
