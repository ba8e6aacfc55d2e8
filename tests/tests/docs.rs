//! What the documents say is true as far as a program can tell: paths exist, references are generated, every
//! dependency has its reason.
//!
//! `BLESS=1` writes what is generated: `docs/reference/cli.md`, `docs/reference/proposals.md`, the lists in
//! `docs/reference/proxy-wasm.md`.

use ahead_tests::process::{Limits, run};
use ahead_tests::{ahead, golden, workspace};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

/// All documents, by their paths from the root.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![
        workspace().to_owned(),
        workspace().join("docs"),
        workspace().join("examples"),
    ];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && folder != workspace() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 10, "the documents were not found");
    found
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("`{}`: {error}", path.display()))
}

/// Words in backticks that are paths of the repository: their first part is one of its files or folders.
fn paths_in(document: &str) -> BTreeSet<String> {
    let outside_blocks: String = document
        .split("```")
        .step_by(2)
        .collect::<Vec<_>>()
        .join("\n");
    outside_blocks
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| !word.contains([' ', '<', '*', '{', '$', ':']))
        .filter(|word| word.contains('/') || word.ends_with(".md"))
        .filter(|word| !word.starts_with(['.', '/', '-']) && !word.starts_with("target/"))
        .filter(|word| {
            let first = word.split('/').next().unwrap();
            word.ends_with(".md") || workspace().join(first).exists()
        })
        .map(str::to_owned)
        .collect()
}

#[test]
fn paths_in_the_documents_exist() {
    let mut missing = Vec::new();
    for document in documents() {
        for path in paths_in(&text(&document)) {
            if !workspace().join(&path).exists() {
                missing.push(format!("{}: `{path}`", document.display()));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn links_lead_somewhere() {
    for document in documents() {
        let text = text(&document);
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let is_ours = !link.starts_with("http") && !link.starts_with('#');
            let target = document.with_file_name(link.split('#').next().unwrap());
            assert!(
                !is_ours || target.exists(),
                "{}: {link}",
                document.display()
            );
        }
    }
}

#[test]
fn the_book_has_every_page() {
    let docs = workspace().join("docs");
    let summary = text(&docs.join("SUMMARY.md"));
    for document in documents() {
        let Ok(page) = document.strip_prefix(&docs) else {
            continue;
        };
        let page = page.to_str().unwrap();
        assert!(
            page == "SUMMARY.md" || summary.contains(&format!("({page})")),
            "{page}"
        );
    }
}

#[test]
fn the_architecture_is_short() {
    let lines = text(&workspace().join("ARCHITECTURE.md")).lines().count();
    assert!(lines < 300, "{lines} lines");
}

#[test]
fn scripts_in_the_documents_exist() {
    for document in documents() {
        for word in text(&document).split_whitespace() {
            let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/' && c != '.');
            if word.starts_with("scripts/") && word.ends_with(".sh") {
                assert!(
                    workspace().join(word).exists(),
                    "{}: {word}",
                    document.display()
                );
            }
        }
    }
}

#[test]
fn every_dependency_has_its_reason() {
    let rationale = text(&workspace().join("RATIONALE.md"));
    let table = rationale
        .split("## Why these dependencies?")
        .nth(1)
        .unwrap();
    let reasons: BTreeSet<&str> = table
        .lines()
        .filter(|line| line.starts_with('|'))
        .filter_map(|line| line.split('|').nth(1))
        .flat_map(|crates| crates.split([',', ' ']))
        .collect();
    let manifest = text(&workspace().join("Cargo.toml"));
    let dependencies = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .unwrap()
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, _)| name.trim())
        .filter(|name| !name.starts_with("ahead-"));
    for name in dependencies {
        let short = name.strip_prefix("cranelift").unwrap_or(name);
        assert!(
            reasons.contains(name) || reasons.contains(short),
            "`{name}` has no row"
        );
    }
}

fn said(args: &[&str]) -> String {
    let mut command = Command::new(ahead());
    command
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .args(args);
    run(&mut command, Limits::default()).ok().stdout()
}

#[test]
fn the_command_line_reference_is_current() {
    let mut page = String::from("# Command line\n\nWhat `ahead help` says, by command.\n");
    let overview = said(&["--help"]);
    page += &format!("\n```text\n{}\n```\n", overview.trim_end());
    let commands = overview
        .split("Commands:")
        .nth(1)
        .unwrap()
        .split("Options:")
        .next()
        .unwrap();
    for line in commands.lines().filter(|line| line.starts_with("  ")) {
        let command = line.split_whitespace().next().unwrap();
        if command == "help" || line.starts_with("   ") {
            continue;
        }
        let help = said(&[command, "--help"]);
        let help: Vec<_> = help.trim_end().lines().map(str::trim_end).collect();
        page += &format!(
            "\n## ahead {command}\n\n```text\n{}\n```\n",
            help.join("\n")
        );
    }
    golden::compare(&workspace().join("docs/reference/cli.md"), &page).unwrap();
}

#[test]
fn the_list_of_proposals_is_current() {
    let mut page = String::from(
        "# Proposals\n\nBeyond WebAssembly 1.0, as `ahead targets` lists them. What is not built is refused by name, with \
         the place in\nthe module; `--wasm=-NAME` refuses one that is built.\n\n| proposal | state |\n|---|---|\n",
    );
    for proposal in ahead_compiler::Proposal::ALL {
        let state = if proposal.is_built() {
            "built, on by default"
        } else {
            "not built"
        };
        page += &format!("| {} | {state} |\n", proposal.name());
    }
    page += "\nThreads are started by WASI: see [`docs/concepts/wasi.md`](../concepts/wasi.md#threads).\n";
    page += "\nThe custom sections of the branch hinting and the extended name section proposals are read where \
             they are well-formed,\nand never an error.\n";
    golden::compare(&workspace().join("docs/reference/proposals.md"), &page).unwrap();
}

/// Puts `list` between the marks `<!-- name -->` and `<!-- end -->` of a page.
fn with_list(page: &str, name: &str, list: &str) -> String {
    let mark = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&mark).expect("a mark");
    let (_, after) = rest.split_once("<!-- end -->").expect("the list's end");
    format!("{before}{mark}{list}<!-- end -->{after}")
}

#[test]
fn the_proxy_wasm_reference_is_current() {
    use ahead_proxy_wasm::abi::AbiVersion;
    use ahead_proxy_wasm::callbacks::CALLBACKS;
    use ahead_proxy_wasm::table::HOSTCALLS;
    use ahead_runtime::ValType;
    let mut hostcalls =
        String::from("| section | function | parameters | versions |\n|---|---|---|---|\n");
    for row in HOSTCALLS {
        let params: Vec<_> = row
            .params
            .iter()
            .map(|(name, ty)| match ty {
                ValType::I32 => format!("`{name}`"),
                ty => format!("`{name}` ({ty})"),
            })
            .collect();
        let versions: Vec<_> = row.versions.iter().map(AbiVersion::to_string).collect();
        let versions = match row.versions == AbiVersion::ALL {
            true => "all".to_owned(),
            false => versions.join(", "),
        };
        let (section, name, params) = (row.section, row.name, params.join(", "));
        hostcalls += &format!("| {section} | `{name}` | {params} | {versions} |\n");
    }
    let mut callbacks = String::from("| callback | parameters | result |\n|---|---|---|\n");
    for row in CALLBACKS {
        let params: Vec<_> = row.params.iter().map(|name| format!("`{name}`")).collect();
        let result = row.result.map_or(String::new(), |name| format!("`{name}`"));
        callbacks += &format!("| `{}` | {} | {result} |\n", row.name, params.join(", "));
    }
    let path = workspace().join("docs/reference/proxy-wasm.md");
    let page = with_list(&text(&path), "hostcalls", &hostcalls);
    let page = with_list(&page, "callbacks", &callbacks);
    golden::compare(&path, &page).unwrap();
}
