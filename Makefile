# Heyi: `make` alone lists what can be asked for.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# One set of flags for everything, so that no package is compiled twice.
export GOFLAGS := $(GOFLAGS) -trimpath -buildvcs=false

# migrated_fynedo: Fyne without its thread checks, which the tests' build keeps.
# no_animations: nothing on the screen blinks or slides by itself.
TAGS := migrated_fynedo,no_animations
RELEASE := -tags $(TAGS) -ldflags '-s -w'
MINGW := GOOS=windows GOARCH=amd64 CGO_ENABLED=1 CC=x86_64-w64-mingw32-gcc

# What runs under the race detector: everything but the packages that draw.
RACE := ./review/... ./storage/... ./reports/... \
	./app/internal/task/... ./app/internal/present/... ./app/internal/cli/... ./app/internal/words/... ./app/internal/platform/...

# Comments of exported names have the form that Go's own tools expect.
STATICCHECK := go tool staticcheck -checks inherit,ST1000,ST1020,ST1021,ST1022

FUZZTIME ?= 60s

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

demo: ## hold a sample meeting, verify its papers, open the window on it
	@.ci/demo

test: ## run every test and check, with minutes for each part
	@.ci/setup test
	@.ci/test

build: ## build the program with its window: dist/heyi
	go build $(RELEASE) -o dist/heyi ./app

headless: ## build the static command line without a window: dist/heyi-headless
	CGO_ENABLED=0 go build -tags headless -ldflags '-s -w' -o dist/heyi-headless ./app

windows: ## cross build dist/heyi.exe and check that it needs nothing but Windows
	$(MINGW) go build -tags $(TAGS) -ldflags '-s -w -H=windowsgui' -o dist/heyi.exe ./app
	.ci/dlls dist/heyi.exe

bench: ## measure the record and the disk, then the program, which adds one line to .ci/bench.md
	@.ci/setup test
	go test -run '^$$' -bench . ./review/... ./storage
	@$(MAKE) --no-print-directory build
	HEYI_BIN=$(CURDIR)/dist/heyi HEYI_BENCH=$(CURDIR)/.ci/bench.md CGO_ENABLED=0 \
		go test -tags headless,window,bench -run '^TestBench$$' -count=1 -v ./app

campaign: ## fuzz every target for FUZZTIME each (default 60s), then all sample meetings, kills, losses of power and faults at length
	@.ci/campaign $(FUZZTIME)

pictures: ## keep pictures of every screen and paper in dist/pictures; README.md shows three of them
	@.ci/setup test
	@$(MAKE) --no-print-directory checked
	rm -rf dist/pictures
	HEYI_BIN=$(CURDIR)/dist/heyi-checked HEYI_PICTURES=$(CURDIR)/dist/pictures CGO_ENABLED=0 \
		go test -tags headless,window,pictures -run '^TestPictures$$|^TestThread$$' -timeout 40m -count=1 ./app
	for p in board sheet tally; do \
		convert dist/pictures/1366x768-text0-$$p.png -strip -colors 128 assets/pictures/window-$$p.png; \
	done

papers: headless ## make the pictures of the papers that README.md shows again
	@.ci/setup test
	.ci/papers dist/heyi-headless assets/pictures

generate: ## make the fonts, the icon and the tables again from their sources
	@.ci/setup generate
	go generate ./...

# The parts of `make test`, in their order. .ci/test runs and times them.

checked: ## the window with Fyne's thread checks, for tests: dist/heyi-checked
	go build -o dist/heyi-checked ./app

# Side by side: each waits long for a C compiler that uses one core.
part-build:
	$(MAKE) --no-print-directory -j2 checked windows headless

part-lint:
	test -z "$$(gofmt -l app assets reports review storage | tee /dev/stderr)"
	go vet ./...
	$(MINGW) go vet ./app/internal/platform ./storage/datadir
	CGO_ENABLED=0 go vet -tags headless ./app
	CGO_ENABLED=0 go vet -tags headless,window,bench,pictures ./app
	$(STATICCHECK) ./...
	CGO_ENABLED=0 $(STATICCHECK) -tags headless ./app
	CGO_ENABLED=0 $(STATICCHECK) -tags headless,window,bench,pictures ./app

part-unit:
	.ci/gotest unit -timeout 8m ./...

part-script:
	HEYI_HEADLESS=$(CURDIR)/dist/heyi-headless CGO_ENABLED=0 \
		.ci/gotest script -timeout 4m -tags headless -count=1 ./app

# What comes in from outside is fuzzed at each test, shortly.
part-fuzz:
	.ci/fuzz 10s review/bag

# Filing folders are made and judged by one goroutine, which takes minutes under the race
# detector and shows nothing: part-unit has those tests.
part-race:
	.ci/gotest race -race -timeout 8m -skip '^Test(Verify)?Filing' $(RACE)

part-window:
	HEYI_BIN=$(CURDIR)/dist/heyi-checked CGO_ENABLED=0 \
		.ci/gotest window -timeout 9m -tags headless,window -count=1 ./app


.PHONY: help demo test build headless windows bench campaign pictures papers generate checked \
	part-build part-lint part-unit part-script part-fuzz part-race part-window
