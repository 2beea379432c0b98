"""What tests share: makers of records and deliveries, installations, and independent readings.

``loading``, ``persons``, ``made``, ``strangers``, ``syncing`` bring records into a warehouse;
``published`` and ``agency_list_files`` read what came out; ``installation`` and ``chromium`` run
the product as a user would. ``reference`` and ``disclosure`` judge results without the code that
made them: nothing in them imports ``dean06``'s reading of a rule.
"""
