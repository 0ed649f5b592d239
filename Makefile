# Short names for what people do; cmake and ctest do the work (CONTRIBUTING.md).
PRESET ?= release
BUILD := build/$(PRESET)
JOBS ?= $(shell nproc)
DEMO := demo

.PHONY: help deps configure build demo test fuzz install reference format tidy clean

help:  ## this list
	@echo "Targets (PRESET=$(PRESET): release, debug, asan or training):"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

deps:  ## install the Debian packages that the build needs (asks sudo where you are not root)
	@scripts/install-deps

configure: deps
	@cmake --preset $(PRESET) $(CMAKE_FLAGS)

build: configure  ## build; the program is build/release/dawson
	cmake --build $(BUILD) --parallel $(JOBS)

demo: build  ## make a phantom head, segment it, score it against the known truth
	@scripts/demo $(BUILD)/dawson $(DEMO)

test: build  ## run every test
	ctest --test-dir $(BUILD) --output-on-failure --parallel $(JOBS)

fuzz:  ## feed damaged files to every reader, SECONDS each (default 60; needs clang, fuzz/README.md)
	cmake --preset fuzz $(CMAKE_FLAGS)
	cmake --build --preset fuzz --parallel $(JOBS)
	fuzz/run $(or $(SECONDS),60)

install: build  ## install below PREFIX (default /usr/local)
	cmake --install $(BUILD) $(if $(PREFIX),--prefix $(PREFIX))

reference: build  ## write docs/reference from the commands' declarations
	$(BUILD)/dawson reference docs/reference

format:  ## clang-format all sources
	git ls-files '*.h' '*.cpp' | xargs clang-format -i

tidy: configure  ## clang-tidy all sources
	cmake --preset $(PRESET) -DCMAKE_EXPORT_COMPILE_COMMANDS=ON >/dev/null
	git ls-files 'src/*.cpp' | xargs -P $(JOBS) -n 1 clang-tidy -p $(BUILD) --quiet

clean:  ## remove what was built and the demo
	rm -rf build $(DEMO)
