//! The lines that setuptools wrote into `*-nspkg.pth` for namespace packages. They only register
//! an empty module and extend its path, so the exact template passes, for any package name.

/// The parts of the dotted name, where a line is one of the templates, filled in with it.
pub(super) fn package(line: &str) -> Option<Vec<&str>> {
    let parts = package_of(line)?;
    let mut variants = VARIANTS.iter();
    let is_template = variants.any(|variant| line == render(variant, &parts));
    is_template.then_some(parts)
}

/// What precedes the package's path in every variant's `os.path.join(…, *('a', 'b'))`.
const MARK: &str = "sys._getframe(1).f_locals['sitedir'], *(";

/// Finds the package name; each part must be an ASCII identifier, so no quote can get through.
fn package_of(line: &str) -> Option<Vec<&str>> {
    let (_, rest) = line.split_once(MARK)?;
    let (tuple, _) = rest.split_once(')')?;
    let parts = tuple.trim_end_matches(',').split(", ");
    parts
        .map(|part| {
            part.strip_prefix('\'')?
                .strip_suffix('\'')
                .filter(|it| is_identifier(it))
        })
        .collect()
}

fn is_identifier(part: &str) -> bool {
    let mut bytes = part.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

/// `PATH`, `PKG` stand for the tuple and the quoted dotted name.
const VARIANTS: [&[&str]; 4] = [
    // Of setuptools 69.1 and later.
    &[
        "import sys, types, os",
        "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *PATH)",
        "importlib = __import__('importlib.util')",
        "__import__('importlib.machinery')",
        "m = sys.modules.setdefault(PKG, importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec(PKG, [os.path.dirname(p)])))",
        "m = m or sys.modules.setdefault(PKG, types.ModuleType(PKG))",
        "mp = (m or []) and m.__dict__.setdefault('__path__',[])",
        "(p not in mp) and mp.append(p)",
    ],
    // Before it, as in zope.event 4.4.
    &[
        "import sys, types, os",
        "has_mfs = sys.version_info > (3, 5)",
        "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *PATH)",
        "importlib = has_mfs and __import__('importlib.util')",
        "has_mfs and __import__('importlib.machinery')",
        "m = has_mfs and sys.modules.setdefault(PKG, importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec(PKG, [os.path.dirname(p)])))",
        "m = m or sys.modules.setdefault(PKG, types.ModuleType(PKG))",
        "mp = (m or []) and m.__dict__.setdefault('__path__',[])",
        "(p not in mp) and mp.append(p)",
    ],
    // As in protobuf 3.5.
    &[
        "import sys, types, os",
        "has_mfs = sys.version_info > (3, 5)",
        "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *PATH)",
        "importlib = has_mfs and __import__('importlib.util')",
        "has_mfs and __import__('importlib.machinery')",
        "m = has_mfs and sys.modules.setdefault(PKG, importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec(PKG, [os.path.dirname(p)])))",
        "m = m or not has_mfs and sys.modules.setdefault(PKG, types.ModuleType(PKG))",
        "mp = (m or []) and m.__dict__.setdefault('__path__',[])",
        "(p not in mp) and mp.append(p)",
    ],
    // The oldest, as in sphinxcontrib-httpdomain 1.5.
    &[
        "import sys, types, os",
        "p = os.path.join(sys._getframe(1).f_locals['sitedir'], *PATH)",
        "ie = os.path.exists(os.path.join(p,'__init__.py'))",
        "m = not ie and sys.modules.setdefault(PKG, types.ModuleType(PKG))",
        "mp = (m or []) and m.__dict__.setdefault('__path__',[])",
        "(p not in mp) and mp.append(p)",
    ],
];

fn render(variant: &[&str], parts: &[&str]) -> String {
    let quoted: Vec<_> = parts.iter().map(|it| format!("'{it}'")).collect();
    let tuple = match quoted.as_slice() {
        [one] => format!("({one},)"),
        several => format!("({})", several.join(", ")),
    };
    let package = format!("'{}'", parts.join("."));
    let mut line = variant
        .join(";")
        .replace("PATH", &tuple)
        .replace("PKG", &package);
    if let [parents @ .., child] = parts
        && !parents.is_empty()
    {
        line += &format!(
            ";m and setattr(sys.modules['{}'], '{child}', m)",
            parents.join(".")
        );
    }
    line
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The newest line for a package.
    pub(in crate::startup) fn template(parts: &[&str]) -> String {
        render(VARIANTS[0], parts)
    }

    fn is_template(line: &str) -> bool {
        package(line).is_some()
    }

    #[test]
    fn real_lines_pass_and_one_more_statement_does_not() {
        // From setuptools 84, sphinxcontrib-httpdomain 1.5.0 and zope.event 4.4.
        let newest = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));importlib = __import__('importlib.util');__import__('importlib.machinery');m = sys.modules.setdefault('zope', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('zope', [os.path.dirname(p)])));m = m or sys.modules.setdefault('zope', types.ModuleType('zope'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)";
        let old = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('sphinxcontrib',));ie = os.path.exists(os.path.join(p,'__init__.py'));m = not ie and sys.modules.setdefault('sphinxcontrib', types.ModuleType('sphinxcontrib'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)";
        let new = "import sys, types, os;has_mfs = sys.version_info > (3, 5);p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));importlib = has_mfs and __import__('importlib.util');has_mfs and __import__('importlib.machinery');m = has_mfs and sys.modules.setdefault('zope', importlib.util.module_from_spec(importlib.machinery.PathFinder.find_spec('zope', [os.path.dirname(p)])));m = m or sys.modules.setdefault('zope', types.ModuleType('zope'));mp = (m or []) and m.__dict__.setdefault('__path__',[]);(p not in mp) and mp.append(p)";
        for line in [old, new, newest] {
            assert!(is_template(line));
            assert!(!is_template(&format!("{line};import evil")));
            assert!(!is_template(
                &line
                    .replacen("'zope'", "'evil'", 1)
                    .replacen("'sphinxcontrib'", "'evil'", 1)
            ));
        }
    }

    #[test]
    fn nested_packages_need_their_parent_line() {
        let nested = render(VARIANTS[0], &["google", "cloud"]);
        assert!(nested.ends_with(";m and setattr(sys.modules['google'], 'cloud', m)"));
        assert!(is_template(&nested));
        assert!(!is_template(nested.rsplit_once(';').unwrap().0));
    }

    #[test]
    fn names_that_are_no_identifiers_are_not_rendered() {
        let line = render(VARIANTS[0], &["a'+__import__('evil')+'"]);
        assert!(!is_template(&line));
    }
}
