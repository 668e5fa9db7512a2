// Answers cases with npm's own `semver`, one line each: stdin to stdout, tab-separated.
//
//   v TEXT           1 when TEXT is a version, else 0
//   c A B            -1, 0 or 1: the order of two versions
//   r RANGE VERSION  two characters, without and with includePrerelease: 1 satisfies, 0 does not,
//                    ! the range is invalid
//
// The first line of the answer is the version of the package. Exits 3 when there is no package.
'use strict'

const { execFileSync } = require('child_process')
const path = require('path')

const load = (name) => {
  try {
    return { semver: require(name), version: require(path.join(name, 'package.json')).version }
  } catch (error) {
    return null
  }
}

// npm ships the package with itself.
const loadFromNpm = () => {
  try {
    const options = { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 20000 }
    const root = execFileSync('npm', ['root', '-g'], options).trim()
    return load(path.join(root, 'npm', 'node_modules', 'semver'))
  } catch (error) {
    return null
  }
}

const found = load('semver') || loadFromNpm()
if (!found) process.exit(3)
const { semver, version } = found

const satisfies = (range, text, includePrerelease) => {
  if (semver.validRange(range, { includePrerelease }) === null) return '!'
  return semver.satisfies(text, range, { includePrerelease }) ? '1' : '0'
}

const answer = ([kind, a, b]) => {
  if (kind === 'v') return semver.valid(a) === null ? '0' : '1'
  if (kind === 'c') return String(semver.compare(a, b))
  return satisfies(a, b, false) + satisfies(a, b, true)
}

const lines = require('fs').readFileSync(0, 'utf8').split('\n').filter((line) => line !== '')
process.stdout.write([version, ...lines.map((line) => answer(line.split('\t')))].join('\n') + '\n')
