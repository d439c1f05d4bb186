# Two commands do everything: `make run` and `make test`. `make help` lists the rest.
SHELL := /bin/bash
# Folders too: one is newer once a file of it is gone. Kiosk: a missing translation fails the build.
SOURCES := $(shell find Sources Tests Benchmarks Kiosk Package.swift scripts/build.sh 2>/dev/null)
BUILT := .build/debug/.built-for-run

.PHONY: run run-cups test build lint format screenshots kill-campaign platform-campaign misbehaviour-campaign speed completions man help

## run: the whole hall on this machine, in a browser
run:
	@scripts/run.sh

## run-cups: the same, with a real queue of CUPS between the kiosk and the A4 printer
run-cups:
	@scripts/run.sh cups

## test: everything CI checks
test:
	@scripts/test.sh

## build: all programs, debug
build: $(BUILT)

$(BUILT): $(SOURCES)
	@scripts/install-packages.sh run
	@scripts/build.sh
	@touch $@

## lint: format and style, without building
lint:
	@swift format lint --strict --recursive --parallel Sources Tests Benchmarks Package.swift

## format: put all Swift files into the project's format
format:
	@swift format --in-place --recursive --parallel Sources Tests Benchmarks Package.swift

## screenshots: every screen at every text step and language into .build/screens, and docs/resident-screens.md anew
screenshots: build
	@scripts/install-packages.sh test && scripts/fetch-axe.sh && rm -rf .build/screens
	@SCREENSHOTS=1 SWIFT_BACKTRACE=enable=no swift test --disable-xctest --filter ScreenGalleryTests
	@scripts/contact-sheets.sh
	@scripts/readme-pictures.sh

## kill-campaign: kill -9 at random moments of a load; ROUNDS=200, SEED=n for the same plan again
kill-campaign:
	@scripts/install-packages.sh test
	@KILL_ROUNDS=$(or $(ROUNDS),20) $(if $(SEED),KILL_SEED=$(SEED)) SWIFT_BACKTRACE=enable=no \
		swift test --disable-xctest --filter 'KillCampaignTests/campaign'

## misbehaviour-campaign: residents in halls that misbehave; SESSIONS=500, SEED=n for the same plan again
misbehaviour-campaign:
	@scripts/install-packages.sh test
	@CAMPAIGN_SESSIONS=$(or $(SESSIONS),100) $(if $(SEED),CAMPAIGN_SEED=$(SEED)) SWIFT_BACKTRACE=enable=no \
		swift test --disable-xctest --filter 'CampaignTests.CampaignTests/campaign'

## completions: what bash, zsh and fish need to complete kioskctl, into .build/completions
completions: build
	@scripts/completions.sh

## man: kioskctl's manual pages, into .build/man
man: build
	@scripts/man.sh

## platform-campaign: kill -9 of the platform under many kiosks; ROUNDS=200, SEED=n for the same plan again
platform-campaign:
	@scripts/install-packages.sh test
	@PLATFORM_ROUNDS=$(or $(ROUNDS),20) $(if $(SEED),PLATFORM_SEED=$(SEED)) SWIFT_BACKTRACE=enable=no \
		swift test --disable-xctest --filter 'PlatformCampaignTests/campaign'

## speed: measure the release build against its peers, into docs/performance.md; ONLY="page idle" for some of it
speed:
	@scripts/speed.sh $(ONLY)

help:
	@sed -n 's/^## /  make /p' Makefile
