/// Points in time as Go writes them.
enum Timestamp {
    /// "Never".
    static let zero = "0001-01-01T00:00:00Z"
    /// 2026-01-01T00:00:00Z, when every simulated engine was started.
    private static let start: Int64 = 1_767_225_600

    static func seconds(_ elapsed: Duration) -> Int64 { start + elapsed.components.seconds }

    /// RFC 3339 with nanoseconds.
    static func text(_ elapsed: Duration?) -> String {
        guard let elapsed else { return zero }
        let seconds = seconds(elapsed)
        let (year, month, day) = civil(fromDays: seconds / 86_400)
        let time = seconds % 86_400
        let fraction = padded(elapsed.components.attoseconds / 1_000_000_000, 9)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(time / 3600, 2)):"
            + "\(padded(time / 60 % 60, 2)):\(padded(time % 60, 2)).\(fraction)Z"
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(width - digits.count, 0)) + digits
    }

    /// Howard Hinnant's `civil_from_days`, for days after 1970.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
