import ArgumentParser
import RecastCLI

@main
struct Main {
    static func main() async {
        await Recast.start()
    }
}
