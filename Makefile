# Thin: each target is a few commands that could be typed by hand. `make help` lists them.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc)
CTEST = ctest --parallel $(JOBS)
# g++ 12's ThreadSanitizer cannot start where the kernel spreads addresses too widely.
FIXED_ADDRESSES = $(shell setarch --addr-no-randomize true 2>/dev/null && echo setarch --addr-no-randomize)

.PHONY: help deps deps-stores build test test-stores demo bench bench-stores lint format asan tsan \
  fuzz storm coverage install clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

deps: ## install the Debian packages that are missing
	@tools/deps install

deps-stores: build/servers/node_modules/.package-lock.json ## install the servers that test-stores starts
	@tools/deps install stores

build/servers/node_modules/.package-lock.json: tests/servers/node/package-lock.json
	@tools/deps install stores
	mkdir -p build/servers
	cp tests/servers/node/package.json tests/servers/node/package-lock.json build/servers
	cd build/servers && npm ci --ignore-scripts --no-audit --no-fund

build: ## the program, the library and the tests, optimised: build/release
	@tools/deps install build
	cmake --preset release
	cmake --build --preset release --parallel $(JOBS)

test: ## build, and run all tests
	@tools/deps install build test demo
	@$(MAKE) --no-print-directory build
	$(CTEST) --preset release

test-stores: deps-stores ## build, and run the tests that need a server: Ceph, Swift, Azurite, nginx
	@tools/deps install build test
	@$(MAKE) --no-print-directory build
	$(CTEST) --preset release --label-regex stores

demo: ## two callers, one retrained model: examples/reloading
	@tools/deps install build demo
	@$(MAKE) --no-print-directory build
	examples/reloading/demo.sh build/release/cli/algoctl

bench: ## measure what the README claims
	@tools/deps install build bench
	cmake --preset release -DALGOCTL_BENCH=ON
	cmake --build --preset release --parallel $(JOBS)
	bench/run build/release

bench-stores: deps-stores ## measure what is claimed about object stores, against Ceph's gateway
	@tools/deps install build bench peers
	cmake --preset release -DALGOCTL_BENCH=ON
	cmake --build --preset release --parallel $(JOBS)
	bench/stores build/release

lint: ## layout, clang-tidy, shell scripts
	@tools/deps install build lint
	cmake --preset lint
	tools/lint build/lint $(JOBS)

format: ## put the layout of all sources right
	@tools/deps install lint
	tools/lint --fix-layout

asan: ## all tests with AddressSanitizer and UndefinedBehaviorSanitizer
	@tools/deps install build test
	cmake --preset asan
	cmake --build --preset asan --parallel $(JOBS)
	$(CTEST) --preset asan

tsan: ## all tests with ThreadSanitizer
	@tools/deps install build test
	cmake --preset tsan
	cmake --build --preset tsan --parallel $(JOBS)
	$(FIXED_ADDRESSES) $(CTEST) --preset tsan

fuzz: ## every fuzzer for a minute (FUZZ_SECONDS)
	@tools/deps install build fuzz
	cmake --preset fuzz
	cmake --build --preset fuzz --parallel $(JOBS)
	tools/fuzz build/fuzz $(or $(FUZZ_SECONDS),60)

storm: build ## publish, import, pull, collect and verify at once for a minute (STORM_SECONDS)
	ALGOCTL_STORM_SECONDS=$(or $(STORM_SECONDS),60) build/release/tests/fault_tests -tc='storm*'

coverage: ## which lines the tests run: build/coverage/index.html
	@tools/deps install build test coverage
	cmake --preset coverage
	cmake --build --preset coverage --parallel $(JOBS)
	# A test that runs the program as another user, who may not write the counters, fails here alone.
	-$(CTEST) --preset coverage
	gcovr --root . --filter 'lib/' --filter 'cli/' --exclude-throw-branches \
	  --html-details build/coverage/index.html --print-summary build/coverage

install: ## into PREFIX (/usr/local)
	@$(MAKE) --no-print-directory build
	cmake --install build/release --prefix $(PREFIX)

clean: ## remove build/
	rm -rf build
