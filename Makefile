# 阳光交易 Yangguang. `make demo` needs Python 3.11 or newer and nothing else.
# The first Python that runs and is new enough (a name on the PATH may be a shim that runs nothing).
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; exit; }; done; echo python3)
VENV := .venv/bin
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links

.PHONY: help demo test pictures lint bench lock clean

help: ## 列出命令 · list the commands
	@grep -hE '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /  make \1\t/'

demo: ## 演示一个招标项目，从登记到归档核验 · play one tender to its verified archive
	@$(PYTHON) tools/prepare.py runtime
	@$(VENV)/python tools/assets.py
	@$(VENV)/yangguang demo

test: ## 全部检查与测试 · every check, on SQLite and PostgreSQL
	@$(PYTHON) tools/prepare.py test
	@$(VENV)/python tools/assets.py
	@$(VENV)/python tools/check.py all

pictures: ## 重拍变化了的页面图片 · take the pictures of pages that changed, docs/pictures
	@$(PYTHON) tools/prepare.py test
	@$(VENV)/python tools/assets.py
	@YANGGUANG_PICTURES=1 $(VENV)/python -m pytest tests/web/test_web_gallery_browser.py

lint: ## 文风、类型、引用约定 · style, types, import contracts
	@$(PYTHON) tools/prepare.py test
	@$(VENV)/python tools/check.py lint

bench: ## 测量 · measure
	@$(PYTHON) tools/prepare.py test
	@$(VENV)/python bench/run.py

lock: ## 更新锁定的依赖 · renew the locked requirements
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -c requirements/build.txt -o requirements/runtime.txt
	$(LOCK) pyproject.toml --extra postgresql requirements/test.in \
		-c requirements/build.txt -c requirements/runtime.txt -o requirements/test.txt
	@$(PYTHON) tools/prepare.py runtime
	$(VENV)/python tools/assets.py lock

clean: ## 删除环境与缓存，保留 var/ 里的记录 · remove environment and caches, keep the records in var/
	rm -rf .venv build src/*.egg-info .coverage .coverage.* htmlcov
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
