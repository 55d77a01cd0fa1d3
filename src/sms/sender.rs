//! The sender: transfers between sites.

/// The rate at which a transfer that starts now runs to its end: the address's limit is read once, when a sending
/// thread takes the job up (Q317893). `None`: the address is closed in this hour.
#[must_use]
pub fn rate_bps(bandwidth_bps: u64, hourly_limit_percent: &[u8; 24], hour: u8) -> Option<u64> {
    let percent = u64::from(hourly_limit_percent[usize::from(hour % 24)].min(100));
    (percent > 0).then(|| (bandwidth_bps * percent / 100).max(1))
}

/// Whether a thread is free for one more transfer to a site: so many in all, so many per site (Q319166).
#[must_use]
pub fn thread_is_free(busy: u32, busy_to_site: u32, threads: u32, threads_per_site: u32) -> bool {
    busy < threads && busy_to_site < threads_per_site
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sms::inbox_manager::copy_s;

    /// 65 MB over a 56 kbit/s link: 155 minutes; at half the rate twice that (Q199250 for the size).
    #[test]
    fn a_pushed_secondary_takes_hours_over_a_modem_line() {
        let open = rate_bps(56_000, &[100; 24], 3).unwrap();
        assert_eq!(copy_s(65_000_000, open) / 60, 154);
        let half = rate_bps(56_000, &[50; 24], 3).unwrap();
        assert_eq!(copy_s(65_000_000, half) / 60, 309);
    }

    #[test]
    fn a_closed_hour_starts_nothing() {
        let mut limits = [100; 24];
        limits[9] = 0;
        assert_eq!(rate_bps(56_000, &limits, 9), None);
    }

    #[test]
    fn five_threads_in_all_and_three_per_site() {
        assert!(thread_is_free(4, 2, 5, 3));
        assert!(!thread_is_free(5, 0, 5, 3));
        assert!(!thread_is_free(3, 3, 5, 3));
    }
}
