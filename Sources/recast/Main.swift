import RecastCLI
@main struct Main { static func main() {} }
