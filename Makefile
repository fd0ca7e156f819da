# `make help` explains every target.
SHELL := /bin/sh
BIN := .venv/bin
export RASA_TELEMETRY_ENABLED := false
export TF_CPP_MIN_LOG_LEVEL := 2
export PYTHONUNBUFFERED := 1
# Deprecations inside Rasa and TensorFlow drown what matters; the tests make warnings errors.
export PYTHONWARNINGS := ignore
export PATH := $(CURDIR)/$(BIN):$(PATH)

MODEL := models/assistant.tar.gz
TEXT_SOURCES := $(shell find bot/text data/lexicon -name '*.py' -o -name '*.txt')
FAQ_SOURCES := $(shell find data/faq bot/faq -name '*.yml' -o -name '*.py')
NLU_SOURCES := $(shell find data/nlu data/rules bot/nlu -name '*.yml' -o -name '*.py') data/concepts.yml

.DEFAULT_GOAL := help
.PHONY: help run train test check calibrate bench-nlu bench-faq chat lint test-python test-rasa clean

help: ## 列出全部命令
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: .venv/.installed $(MODEL) ## 安装、训练并启动演示（浏览器打开打印的地址；Ctrl-C 停止）
	@BANKBOT_DEMO=$${BANKBOT_DEMO:-true} bankbot run

train: .venv/.installed $(MODEL) ## 训练模型并发布 FAQ（只做有变化的部分）

test: .venv/.installed $(MODEL) lint test-python test-rasa ## 全部测试：ruff、mypy、pytest、rasa 回归

check: .venv/.installed lint ## 几秒内完成的静态检查和单元测试
	@pytest -q -x -m "not browser and not service" tests/text tests/conversations tests/handoff tests/banking tests/house \
		--ignore=tests/handoff/test_model.py

calibrate: .venv/.installed $(MODEL) ## 在开发集上重新推导路由阈值（改过训练数据之后）
	@bankbot nlu calibrate

bench-nlu: .venv/.installed $(MODEL) ## 比较几种理解流水线（约半小时；SHARE=1 EPOCHS=100 为全部数据、DIET 原设置，要数小时）
	@python -m bench.nlu.compare --share $${SHARE:-0.1} --epochs $${EPOCHS:-10}

bench-faq: .venv/.installed $(MODEL) ## 比较几种 FAQ 检索，并测 3 千到 10 万种问法的规模（约一小时）
	@python -m bench.faq
	@python -m bench.faq.scale

chat: .venv/.installed ## 在终端里和正在运行的助手对话
	@bankbot chat

lint: .venv/.installed
	@ruff check . && ruff format --check . && mypy

test-python: .venv/.installed $(MODEL)
	@pytest -q -n auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

test-rasa: .venv/.installed $(MODEL)
	@scripts/test-rasa

clean: ## 删除训练结果和运行数据（保留 .venv）
	@rm -rf var models .rasa results

.venv/.installed: requirements.lock pyproject.toml .python-version scripts/bootstrap
	@scripts/bootstrap

var/encoder/.trained: .venv/.installed $(FAQ_SOURCES) $(TEXT_SOURCES)
	@bankbot faq check && bankbot faq train-encoder && bankbot faq publish && touch $@

$(MODEL): .venv/.installed var/encoder/.trained config.yml domain.yml $(NLU_SOURCES) $(TEXT_SOURCES)
	@echo "训练对话模型（一两分钟，过程见 var/train.log）……"
	@rasa train --quiet --skip-validation --fixed-model-name assistant >var/train.log 2>&1 || \
		{ tail -n 40 var/train.log; echo "错误：训练失败，完整过程见 var/train.log。"; exit 1; }
	@touch $@
