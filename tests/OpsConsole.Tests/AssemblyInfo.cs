// A browser and a shop are as much as a small machine carries at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
