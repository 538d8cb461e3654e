import Foundation

/// The repository's text files, read once.
enum Tree {
    /// Two folders above this file's.
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every Swift file of `Sources` and `Tests`, and the scripts.
    static let files: [SourceFile] = ["Sources", "Tests", "scripts", "chaos", ".ci"]
        .flatMap { filesBelow($0) }
        .filter { $0.hasSuffix(".swift") || isScript($0) }
        .compactMap(read)

    static let swift: [SourceFile] = files.filter(\.isSwift)

    /// A file by its path from the root; nil when it isn't UTF-8 text.
    static func read(_ path: String) -> SourceFile? {
        guard let text = try? String(contentsOf: root.appending(path: path), encoding: .utf8)
        else { return nil }
        return SourceFile(path: path, text: text)
    }

    /// Names in the folder, files and folders alike.
    static func entries(_ folder: String) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: root.appending(path: folder).path)
        return (names ?? []).sorted()
    }

    /// Names of the folders in the folder.
    static func folders(_ folder: String) -> [String] {
        entries(folder).filter { isFolder("\(folder)/\($0)") }
    }

    private static func filesBelow(_ folder: String) -> [String] {
        entries(folder).flatMap { name in
            let path = "\(folder)/\(name)"
            return isFolder(path) ? filesBelow(path) : [path]
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(
            atPath: root.appending(path: path).path, isDirectory: &isDirectory)
        return exists && isDirectory.boolValue
    }

    /// Scripts have no extension, except shell ones in `chaos`.
    private static func isScript(_ path: String) -> Bool {
        let isCode = path.hasPrefix("Sources/") || path.hasPrefix("Tests/")
        let name = path.split(separator: "/").last ?? ""
        return !isCode && (!name.contains(".") || name.hasSuffix(".sh") || name.hasSuffix(".py"))
    }
}
